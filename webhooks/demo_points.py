"""About where the better known quarters of the demo lie: latitude and longitude in degrees."""

from collections.abc import Mapping
from typing import Final

from core.kit.point import Point
from core.places.words import Country

_MIDDLES: Final[dict[Country, dict[str, tuple[float, float]]]] = {
    "CM": {
        "Akwa": (4.050, 9.697), "Akwa-Nord": (4.064, 9.705), "Bali": (4.040, 9.696), "Bassa": (4.040, 9.730),
        "Bessengué": (4.053, 9.711), "Bonamoussadi": (4.089, 9.739), "Bonanjo": (4.043, 9.688),
        "Bonapriso": (4.027, 9.696), "Cité des Palmiers": (4.063, 9.764), "Denver": (4.093, 9.733),
        "Deïdo": (4.066, 9.711), "Japoma": (4.008, 9.820), "Kotto": (4.097, 9.756), "Logbaba": (4.037, 9.766),
        "Logpom": (4.087, 9.768), "Makèpè": (4.081, 9.756), "Ndokoti": (4.045, 9.742), "Nyalla": (4.029, 9.790),
        "Santa Barbara": (4.096, 9.733), "Yassa": (4.000, 9.808),
        "Bastos": (3.893, 11.511), "Biyem-Assi": (3.838, 11.485), "Essos": (3.872, 11.540), "Etoudi": (3.918, 11.527),
        "Kondengui": (3.849, 11.526), "Melen": (3.864, 11.496), "Mendong": (3.837, 11.472), "Mimboman": (3.861, 11.557),
        "Mokolo": (3.874, 11.501), "Mvog-Betsi": (3.859, 11.476), "Mvog-Mbi": (3.852, 11.521),
        "Ngoa-Ekellé": (3.858, 11.501), "Ngousso": (3.901, 11.543), "Nkolbisson": (3.872, 11.454),
        "Nlongkak": (3.884, 11.519), "Odza": (3.794, 11.534), "Omnisport": (3.885, 11.541), "Tsinga": (3.880, 11.502),
        "Tamdja": (5.479, 10.423),
    },
    "SN": {
        "Cambérène": (14.765, -17.431), "Colobane": (14.693, -17.445), "Fass": (14.692, -17.453),
        "Grand Dakar": (14.706, -17.454), "Grand Yoff": (14.737, -17.452), "HLM": (14.710, -17.446),
        "Liberté 6": (14.728, -17.459), "Mermoz": (14.708, -17.475), "Médina": (14.683, -17.450),
        "Ouakam": (14.723, -17.489), "Parcelles Assainies": (14.758, -17.437), "Plateau": (14.669, -17.436),
        "Point E": (14.696, -17.460), "Sandaga": (14.672, -17.439), "Thiaroye": (14.755, -17.364),
        "Yoff": (14.756, -17.468),
    },
    "CI": {
        "Abobo": (5.420, -4.020), "Adjamé": (5.356, -4.026), "Attécoubé": (5.338, -4.041), "Biétry": (5.280, -3.977),
        "Blockhauss": (5.326, -4.002), "Cocody": (5.348, -3.990), "Gonzagueville": (5.247, -3.900),
        "Koumassi": (5.297, -3.947), "Marcory": (5.301, -3.982), "Plateau": (5.323, -4.019),
        "Riviera 2": (5.352, -3.970), "Riviera 3": (5.352, -3.956), "Riviera Palmeraie": (5.365, -3.955),
        "Treichville": (5.303, -4.009), "Vallon": (5.357, -3.999), "Vridi": (5.256, -4.005),
    },
}  # fmt: skip

POINTS: Final[Mapping[Country, Mapping[str, Point]]] = {
    country: {name: Point(*middle) for name, middle in middles.items()} for country, middles in _MIDDLES.items()
}
"""Quarters of every city of a country; a home in any other quarter of the demo has no point, as many have none."""
