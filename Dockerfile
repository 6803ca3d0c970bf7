# One image for the app, the worker and the migrations; what it runs is the first argument of `toit`.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/toit
WORKDIR /src
COPY requirements.lock .
RUN /opt/toit/bin/pip install --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY bot bot
COPY core core
COPY flows flows
COPY migrations migrations
COPY webhooks webhooks
RUN /opt/toit/bin/pip install --no-deps --no-build-isolation . \
    && /opt/toit/bin/python -m compileall -q /opt/toit/lib

FROM python:3.11-slim
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin toit
COPY --from=build /opt/toit /opt/toit
ENV PATH=/opt/toit/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /tmp
USER toit
EXPOSE 8080
ENTRYPOINT ["toit"]
CMD ["web"]
