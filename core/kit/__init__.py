"""What every noun needs: money, phones, time, text, the database."""
