// Where somebody may stand who shares a location, by country code: corners of the demo, the last one far from all homes.

const SPOTS = {
  237: [
    { latitude: 3.8939, longitude: 11.5121, name: "Bastos, Yaoundé" },
    { latitude: 4.0502, longitude: 9.6985, name: "Akwa, Douala" },
    { latitude: 4.0815, longitude: 9.7555, name: "Makèpè, Douala" },
    { latitude: 3.5167, longitude: 11.5, name: "Mbalmayo" },
  ],
  225: [
    { latitude: 5.3484, longitude: -3.9826, name: "Cocody, Abidjan" },
    { latitude: 5.3031, longitude: -4.0085, name: "Treichville, Abidjan" },
    { latitude: 6.8276, longitude: -5.2893, name: "Yamoussoukro" },
  ],
  221: [
    { latitude: 14.6695, longitude: -17.4372, name: "Plateau, Dakar" },
    { latitude: 14.7081, longitude: -17.4745, name: "Mermoz, Dakar" },
    { latitude: 15.6173, longitude: -16.2242, name: "Louga" },
  ],
  229: [{ latitude: 6.3654, longitude: 2.4183, name: "Ganhi, Cotonou" }],
};

export const spotsOf = (number) => SPOTS[number.slice(0, 3)] ?? SPOTS[237];
