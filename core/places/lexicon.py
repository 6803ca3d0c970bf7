"""The words people use around homes and prices, in five languages: which role each one plays in a sentence."""

import re
from collections.abc import Iterator
from itertools import product
from typing import Literal, NamedTuple

from core.places.ordinary import ORDINARY

Role = Literal[
    "type",  # a kind of home; value: its name
    "weak",  # a kind of home that gives way to any other one named; value: its name
    "rooms",  # bedrooms are counted with it; alone it is a room
    "pieces",  # rooms counted the French way, the living room among them
    "lounge",  # turns "une chambre" into a one-bedroom flat
    "furnished",  # value: yes, no or either
    "deal",  # value: rent, sale, rent_to_own
    "monthly",  # a hint of rent
    "most",  # an amount beside it is a maximum
    "most_before",  # the amount after it is a maximum
    "least",
    "least_before",
    "price",  # an amount after it is the rent or price
    "fee",  # an amount or a number of months after it is not the rent
    "unit",  # the number before it is no price
    "scale",  # multiplies the number before it; value: by how much
    "money",
    "not",  # what follows is not wanted
    "but",  # ends what is not wanted
    "or",
    "inside",  # a kind of home after it only says where
    "origin",  # a place after it is where somebody is now; value "left": what is left behind
    "paid",  # an amount and a place after it are those of the home of today
    "mend",  # takes back what was said before it; value "weak": only right beside it
    "country",
    "region",  # decides between two places of one name; value: its folded name in the gazetteer
    "residence",  # a home of students: a room when nothing else is said
    "noise",
]


class Sense(NamedTuple):
    """The role of a word or phrase and what it stands for there."""

    role: Role
    value: str = ""


_SENSES: dict[Sense, str] = {
    Sense("type", "studio"): (
        "studio, studios, stud, stdio, studyo, studiau, studo, studio americain, studio amerloc, "
        "studio moderne, studios modernes, f1, t1"
    ),
    Sense("type", "room"): (
        "chambre moderne, chambre mod, chbre mod, chbre moderne, ch moderne, ch mod, chambre simple, "
        "chbre simple, chambres simples, chambres modernes, piaule, piaules, chamboul, chamboule, "
        "entrer coucher, entree coucher, entre coucher, entrer couche, entrez coucher, entree couche, "
        "entre couche, entrez couche, rentrer coucher, self con, self contain, self contained, "
        "self contained room, self contain room, selfcon, single room, one room, single rooms, "
        "chambre de bonne, room self contain, chambre etudiant, chambre d etudiant, "
        "chambre universitaire"
    ),
    Sense("type", "apartment"): (
        "appartement, appartements, appartment, apartement, apartment, apartments, appt, appts, apt, "
        "apts, appart, apparts, apart, app, apparte, appartemen, appartemnt, flat, flats, "
        "(a |one |1 |)room (and |with |plus |)(parlour|parlor|palour|palor)( self contain| self contained| self con|), "
        "(parlour|parlor|palour|palor) (and |)room, chambre (et |)parlour"
    ),
    Sense("type", "villa"): "villa, villas, vila, villa basse, villas basses",
    Sense("type", "duplex"): "duplex, duplexe, duplexes, triplex, villa triplex",
    Sense("type", "shop"): (
        "boutique, boutiques, boutik, magasin, magasins, magazin, shop, shops, store, espace commercial, "
        "surface commerciale, local commercial, locaux commerciaux, kiosque, echoppe, pas de porte"
    ),
    Sense("type", "office"): (
        "bureau, bureaux, buro, buros, bureo, burau, bureua, office, offices, office space, plateau de bureau, "
        "plateau de bureaux, local pour bureau, local a usage de bureau, local bureau, espace de bureau, "
        "open space"
    ),
    Sense("type", "warehouse"): (
        "entrepot, entrepots, entrepo, hangar, hangars, warehouse, ware house, depot de stockage, "
        "magasin de stockage, local de stockage"
    ),
    Sense("type", "land"): (
        "terrain, terrains, terin, terain, terren, lot, lots, parcelle, parcelles de terrain, "
        "parcelle de terrain, plot, plots, land, lands, plot of land, lot de terrain, terrain nu, "
        "terrain titre, piece of land, lotissement, plantation"
    ),
    Sense("weak", "house"): (
        "maison, maisons, maizon, maisn, maision, house, houses, home, piole, piol, piolle, pioles, "
        "mezon, mzon, mson, maison basse, maison d habitation, domicile, concession, ker, keur, bungalow, pavillon, "
        "pavillons"
    ),
    Sense("weak", "building"): "immeuble, immeubles, building, imeuble, batiment",
    Sense("weak", "shop"): "local, locaux",
    Sense("residence"): "mini cite, minicite, mini cites, minicites, student hostel, students hostel",
    Sense("rooms"): (
        "chambre, chambres, chr, chbre, chbres, chb, chbs, chbr, chambr, chambrs, chanbre, chanbres, chmbre, "
        "chmbres, ch, chs, chbe, cham, chamb, shambre, chambe, bedroom, bedrooms, bed room, bed rooms, "
        "bdr, bdrm, bdrms, br, bed, beds, room, rooms, bedrom, chambre a coucher, chambres a coucher, "
        "bedr, neeg, neg"
    ),
    Sense("pieces"): "piece, pieces, pcs, pce, pces, p, pc, pieses, piesse, pieces principales",
    Sense("lounge"): "salon, salons, sejour, living, parlour, parlor, salle de sejour, salon cuisine",
    Sense("furnished", "yes"): (
        "meuble, meubl, mble, mbl, meublee, meubles, meublees, meubler, mueble, furnished, equipe et meuble, "
        "bien meuble, tout meuble, fully furnished, meuble et equipe, full meuble, garni, "
        "(with|get|dey with) (all |the |some |)(furniture|furnitures), furniture (dey|inside|included), "
        "avec (les |des |ses |)meubles, avec meuble, avec (le |du |son |)mobilier"
    ),
    Sense("furnished", "no"): (
        "non meuble, non meublee, non meubles, non meublees, pas meuble, pas meublee, pas meubles, "
        "pas meublees, vide, vides, unfurnished, not furnished, sans meuble, sans meubles, non meubler, "
        "pas meubler, no furniture, non furnished, no furnished, empty, pas de meuble, pas de meubles, "
        "nu non meuble, without (any |)(furniture|furnitures), (with no|no get) (furniture|furnitures), "
        "sans (les |aucun |)mobilier"
    ),
    Sense("furnished", "either"): (
        "meuble ou non, meublee ou non, meuble ou pas, meublee ou pas, meuble ou vide, vide ou meuble, "
        "meuble ou non meuble, meublee ou non meublee, furnished or not, furnished or unfurnished, "
        "avec ou sans meubles, avec ou sans meuble, with or without furniture, semi meuble, semi meublee, "
        "pas forcement meuble, meubles ou non"
    ),
    Sense("deal", "rent"): (
        "louer, loue, loues, location, locations, rent, rental, renting, to let, let, for rent, a louer, "
        "en location, mettre en location, prendre en location, bail, bailler, lwer, loer, louage, "
        "alouer, hire, lease, luwe, luye"
    ),
    Sense("deal", "sale"): (
        "acheter, achat, achete, vendre, vente, vends, vend, avendre, buy, buying, sale, for sale, "
        "purchase, a vendre, en vente, a l achat, acquerir, acquisition, sell, selling, vander, vendr, "
        "achter, a acheter, sales, jend, jaay"
    ),
    Sense("deal", "rent_to_own"): (
        "en location vente, a location vente, location et vente, location vente, location ventes, "
        "location a vente, rent to own, location accession, louer acheter, location avec option d achat, "
        "louer avec option d achat, option d achat, "
        "location option achat, location achat, lease to own, rent and own"
    ),
    Sense("monthly"): (
        "par mois, le mois, mois, mensuel, mensuelle, mensuels, monthly, per month, a month, month, "
        "mensualite, pm, chaque mois, every month, p m, au mois"
    ),
    Sense("most"): (
        "max, maxi, maximum, maximun, maximal, au plus, au maximum, au max, tout au plus, grand maximum, "
        "plafond, maxim, no more, max budget, budget max, budget maxi, budget maximum, ou moins, "
        "or less, or below, et moins, maximm"
    ),
    Sense("most_before"): (
        "pas plus de, pas plus que, pas plus, moins de, moin de, en dessous de, au dessous de, "
        "en dessous, below, under, no pass, nor pass, not pass, no go pass, make e no pass, inferieur a, "
        "inferieure a, jusqu a, jusqua, jusque, up to, at most, not more than, no more than, less than, "
        "ne depasse pas, sans depasser, pas depasser, depasser, ne depassant pas, qui ne depasse pas, "
        "limite a, max de, maximum de, maxi de, maximum of, pas au dela de, not above, not over, "
        "don t pass, e no fit pass, mus no pass, n excedant pas, cheaper than, lower than, moins que, "
        "inf a, pas superieur a, no exceed, not exceeding"
    ),
    Sense("least"): (
        "min, mini, minimum, minimun, minimal, au moins, au minimum, au min, ou plus, or more, et plus, at least"
    ),
    Sense("least_before"): (
        "a partir de, a partir d, a partir, apartir de, apartir, partant de, pas moins de, plus de, "
        "superieur a, from, above, over, more than, starting from, starting at, not less than, des, "
        "minimum de, min de, au dela de, au dessus de, not below, not under, commence a, superieure a, "
        "sup a"
    ),
    Sense("price"): (
        "loyer, loyers, prix, budget, budjet, bujet, tarif, montant, somme, price, loyer mensuel, buget, "
        "cout, budget de, prix de, loyer de, loye, rent of"
    ),
    Sense("fee"): (
        "caution, cautions, avance, avances, d avance, de caution, garantie, garanties, deposit, depot, "
        "depot de garantie, advance, commission, commissions, frais, frais de visite, visite, visites, "
        "frais de dossier, frais d agence, agence, honoraires, dossier, charges, caution fee, "
        "caution money, frais de bail, droit de visite, courtage, demarcheur, frais de courtage, "
        "salaire, salary, je gagne, acompte, arrhes, pas de porte a, inspection fee, agent fee, "
        "registration"
    ),
    Sense("unit"): (
        "m 2, metre carre, metres carres, metre, metres, mc, m carre, m carres, metres carre, hectare, "
        "hectares, ha, are, ares, sqm, sq m, square meters, meters, meter, km, kms, kilometre, "
        "kilometres, mn, mins, minute, minutes, h, heure, heures, hour, hours, jour, jours, day, days, "
        "jrs, semaine, semaines, week, weeks, an, ans, annee, annees, year, years, yrs, personne, "
        "personnes, pers, people, person, persons, enfant, enfants, children, kids, etage, etages, "
        "floor, floors, niveau, niveaux, douche, douches, toilette, toilettes, wc, wcs, toilet, toilets, "
        "bathroom, bathrooms, bath, baths, salle de bain, salles de bain, salles de bains, salle d eau, "
        "salles d eau, cuisine, cuisines, kitchen, voiture, voitures, vehicule, vehicules, cars, car, "
        "garage, garages, place, places, balcon, balcons, terrasse, terrasses, litre, litres, lits, lit, "
        "janvier, fevrier, mars, avril, mai, juin, juillet, aout, septembre, octobre, novembre, "
        "decembre, january, february, march, april, june, july, august, september, october, november, "
        "december, colocataires, colocataire, etudiants, students, portes, porte, familles, famille, "
        "amis, pieds, fois, times, cote, facades, facade, logements, ampere, amperes, climatiseurs, "
        "clims, splits, split, adultes, adulte, locataires, tonnes, compteurs, compteur, forages, "
        "km du centre, degre, degres, degree, degrees, parcelles, euro, euros, eur, dollar, dollars, usd"
    ),
    Sense("scale", "1000"): (
        "k, kf, kfcfa, kcfa, mil, mill, mils, mille, milles, mile, mille f, kolo, kolos, krika, krikas, "
        "thousand, thousands, thou, mls, mille francs, kfr, kfrs, kxaf, kxof, kmil"
    ),
    Sense("scale", "5000"): "junni, junne, djouni, juni",
    Sense("scale", "1000000"): (
        "m, million, millions, milion, milions, mllion, millon, millons, baton, batons, brique, briques, mio, mfcfa, mf"
    ),
    Sense("scale", "1000000000"): "milliard, milliards, mrd, mrds, billion, billions",
    Sense("money"): (
        "f, fr, frs, franc, francs, cfa, fcfa, xaf, xof, f cfa, frs cfa, fr cfa, francs cfa, cfa francs, cf"
    ),
    Sense("not"): (
        "sauf, hors, hormis, excepte, except, exclure, exclu, a part, en dehors de, pas a, pas au, pas aux, pas dans, "
        "pas sur, pas de, pas du, pas des, pas d, pas, ni, ni a, ni au, not in, not at, not, no be, sans compter, no "
        "want, nor be, a l exception de, excluding, autre que, n importe ou sauf, surtout pas, surtout pas a, jamais, "
        "no dey for, not for, anywhere but, partout sauf, nor, a l exclusion de, pas question de, evite, eviter, "
        "evitez, avoid, plutot que, plutot qu, rather than, ne veux plus, ne veux plus de, ne veux plus d, instead "
        "of, au lieu de, (don t|do not|dont) (want|like|wan)( stay| live|), no like, (ya|y a) pas mo, ne "
        "(ya|y a) pas mo"
    ),
    Sense("but"): "mais, but, sinon, prefere, je prefere, par contre, only, seulement",
    Sense("or"): "ou, or, et, and, oubien, ou bien, soit, and or, et ou, ou encore, ainsi que",
    Sense("inside"): ("dans, inside, dedans, dans un, dans une, in a, for inside, au sein de, sur un, sur une, avec"),
    Sense("origin"): (
        "dama nekk, ma nekk, maa nekk, nekk naa, jabite, jabit, j abit, je sui, g sui, g suis, jsui, je vi, jvis, "
        "jvi, moi suis, present location, location actuelle, position actuelle, presentement a, je squatte, travaille "
        "a, je travaille, travaillons, je bosse, i work for, work at, work in, i work, i dey work, habite a, j "
        "habite, jhabite, j abite, habite, habitons, habitent, vis a, je vis, vit a, vivent a, vivons, actuellement "
        "a, i live, living in, lives in, i dey live, i reside, residing in, residing at, reside a, je reside, i dey "
        "for, i dey, a dey, we dey, i de, i stay, i di stay, i dey stay, we stay, staying in, staying at, je suis, "
        "suis a, suis au, nous sommes, on est, j suis, chui, jsuis, est a, est au, est vers, est dans, sont a, sont "
        "au, sont dans, se trouve a, i am, i m, im in, im at, am in, am at, am for, we are, currently, based in, "
        "based at, je loge, on loge, loge a, nous logeons, je dors, dort a, je reste, on reste, reste a, restent a, "
        "nous restons, etudie a, etudie, viens d arriver, vient d arriver, just arrived in, dey for, is in, are in, "
        "lives at, domicilie a, installe a, dama dekk, ma dekk, dekk naa, dekk na, maangi, mangi, ma ngi, maa ngi, "
        "depuis, (brother|sister|mother|father|mama|papa|hus "
        "band|wife|son|daughter|job|work|friend|pikin|family|people|uncle|aunty) (stay|dey|di "
        "stay|live|lives|stays|dey stay)"
    ),
    Sense("origin", "left"): (
        "demenager d, demenageant de, demenageant d, demenage depuis, quitter, quittant, quittons, quitte, je quitte, "
        "on quitte, arrive de, arrivant de, vient de, viens de, venant de, je viens de, je viens d, je suis de, je "
        "sors de, je sors d, coming from, come from, i come from, i from, i am from, i m from, am from, we are from, "
        "originaire de, originaire d, provenance de, en provenance de, natif de, native de, moving from, moving out "
        "of, moving out from, relocating from, shifting from, leaving, comot for, comot from, transferred from, (je "
        "viens|viens|vient|venant|arrive|arrivant|je suis|je sors|originaire|provenance|en "
        "provenance|demenage|demenager) du, demenage de, demenage d, demenager de, demenageons de, mute de, no fit "
        "stay, no wan stay, can t stay, peux plus rester, peut plus rester, no longer want, marre de, marre d, fatigue "
        "de, fatigue d, fatiguee de, fatiguee d, tired of, j etais, j habitais, je vivais, je restais, je logeais, i "
        "was, i used to live, i used to stay, suis plus, habite plus, no longer live, no longer stay, am no more"
    ),
    Sense("paid"): (
        "ai deja (un|une), suis dans (un|une), je suis dans (un|une), (habite|habitons|occupe|occupons|je loue|on "
        "loue) (un|une), j occupe, i get already, i already have a, i rent a, i currently pay, currently paying, and "
        "pay, je paye, je paie, je payais, on paye, on paie, nous payons, i pay, i dey pay, i am paying, i m paying, "
        "loyer actuel, mon loyer actuel, ancien loyer, current rent, my current rent, je loue actuellement, "
        "actuellement je loue, je loue deja, i am renting, i m renting, i rent now, actuellement je paye, "
        "actuellement je paie, je paye actuellement, je paie actuellement"
    ),
    Sense("mend"): (
        "non (attends|attendez|laisse|laissez), no make am, mais en fait, en fait c est, en fait non, non pardon, ah "
        "non, euh non, heu non, non non, oh non, mais non, je veux dire, je voulais dire, no sorry, i mean, i meant, "
        "no wait, wait no, oh sorry, no no, correction, je corrige, je rectifie, pardon non, oups, oh pardon, ou "
        "plutot, euh plutot, heu plutot, non plutot, non c est plutot, or rather, abeg sorry, sorry i mean, non je "
        "veux dire, euh pardon, pardon je veux dire, desole, non desole, ah pardon, non excuse, excusez non, je me "
        "suis trompe, je me trompe, erreur"
    ),
    Sense("mend", "weak"): "plutot, rather, instead, pardon, sorry, enfin, finalement",
    Sense("country", "CM"): "cameroun, cameroon, kamer, camer, 237",
    Sense("country", "SN"): "senegal, sunugal, 221",
    Sense("country", "CI"): "cote d ivoire, cote divoire, ivory coast, rci, 225",
    Sense("region", "extreme nord"): "extreme nord, extrem nord, far north, grand nord",
    Sense("region", "nord ouest"): "nord ouest, north west, northwest, nord west, nw region, region nw",
    Sense("region", "sud ouest"): "sud ouest, south west, southwest, sw region, region sw",
    Sense("region", "adamaoua"): "adamaoua, adamawa",
    Sense("region", "littoral"): "littoral",
    Sense("region", "centre"): "(region |province )(du |)(centre|center), (centre|center) (region|province)",
    Sense("region", "nord"): "(region |province )(du |)nord, (nord|north) (region|province)",
    Sense("region", "sud"): "(region |province )(du |)sud, (sud|south) (region|province)",
    Sense("region", "est"): "(region |province )(de l |)est, (est|east) (region|province)",
    Sense("region", "ouest"): "(region |province )(de l |)ouest, (ouest|west) (region|province)",
    Sense("noise"): (
        "(mes|nos) (propres |)(meubles|meuble), (i|we|a) (get|no get) (my |our |own |)(furniture|furnitures), ground "
        "floor, go reach, sama (bop|bopp), (way|go|going|come|coming|back|get|reach|went) home, "
        "yassa (poulet|poisson|au poulet|guinar), poulet yassa, (i|we|a|am) dey (for |)(ma |my |)house, "
        "(comot|commot) for (ma |my |)house, (mon|ton|son|notre) village, "
        "(rentre|rentrer|voyage|voyager|vais|va|pars|partir|aller|retour)( demain|) au "
        "village, "
        "pas (beaucoup|trop|tres|assez|encore|mal|facile), (trouve|trouvons|trouver) pas, (ai|avez|aurais|auriez) pas, "
        "(peut|peux|pouvons) pas (avoir|trouver), pourquoi pas, (est|etait|trop|tres|pas) sale, je sais pas, sais pas, "
        "je ne sais pas, je sais plus, i don t know, i no know, et plus (proche|pres|loin|grand|grande|calme|si), ou "
        "plus (proche|pres|loin|grand|grande), y a pas, ya pas, connais pas, connaissez pas, n as pas, n avez pas, n "
        "avez vous pas, n y a t il pas, pas cher, pas chere, pas chers, pas trop cher, pas trop chere, pas loin de, "
        "pas loin du, pas loin, non loin, non loin de, pas tres loin, not far from, not far, not too far from, not too "
        "far, not so far from, not so far, pas trop loin, no far, sans caution, pas de caution, without caution, no "
        "caution, caution incluse, caution comprise, charges comprises, charges incluses, charge comprise, eau "
        "comprise, eau et electricite, eau courant, eau et courant, eau courante, eau chaude, pas d agence, sans "
        "agence, pas de commission, sans commission, agence s abstenir, pas de demarcheur, pas serieux, pas de blague, "
        "a vie, en or, frais de visite gratuit, pas de probleme, n est ce pas, not expensive, no too cost, no cost, no "
        "be cost, wey no cost, grand standing, haut standing, titre foncier, bjr, bsr, bonjour, bonsoir, slt, salut, "
        "hello, good, morning, evening, svp, stp, please, urgent, urgence, merci, thanks, monsieur, madame, chef, "
        "patron, boss, gars, vieux, pere, massa, abeg, salam, dama, soxla, damay, wut, frere, soeur, mon, ma, mes, "
        "pote, je, j, jveu, jveux, jcherche, veu, veux, ve, voudrais, cherche, cherchons, recherche, cherch, g, ai, "
        "suis, besoin, il, me, faut, faire, find, dey, di, wan, want, wana, need, looking, look, get, wey, e, i, a, "
        "au, aux, the, to, in, at, for, of, on, is, with, near, around, close, de, du, d, la, le, les, l, un, une, "
        "chez, pour, sur, en, ds, dan, vers, quartier, kartier, quartiers, qtier, carrefour, rond, point, pres, "
        "proche, proximite, derriere, devant, face, zone, ville, secteur, commune, environ, environs, alentours, "
        "autour, entre, between, about, grand, grande, petit, petite, beau, belle, joli, jolie, moderne, modernes, "
        "neuf, neuve, propre, propres, simple, bon, bonne, bien, tres, sans, interne, externe, interieure, salle, "
        "bain, forage, barriere, parking, gardien, goudron, route, bord, marche, ecole, universite, campus, fac, "
        "lycee, calme, securise, securisee, climatise, climatisee, clim, wifi, piscine, jardin, ascenseur, standing, "
        "haut, prepaye, personnel, individuel, couple, etudiant, etudiante, celibataire, travailleur, disponible, "
        "dispo, libre, negociable, nego, discutable, titre, foncier, lotie, loti, contact, tel, telephone, appel, "
        "appelez, appeler, whatsapp, numero, phone, call, mettre, possible, rapidement, vite, aujourd, hui, demain, "
        "maintenant, now, water, light, fence, road, school, very, nice, clean, big, small, cheap, cost, money, kind, "
        "some, someone, quelque, chose, quelqu, trouver, trouve, avoir, voir, visiter, habiter, vivre, rester, dormir, "
        "live, stay, comme, type, style, genre, cest, c, est, ce, se, sa, son, ses, sont, que, qui, quoi, si, il y a, "
        "non, oui, ok, rien, tout, tous, toute, plus, moins, trop, assez, loin, cher, chere, prendre, payer, paye, "
        "pay, date, acces, bonjour a tous, man, brother, sister, sir, wusai, wetin, fit, make, dat, this, that, we, "
        "us, our, you, vieu, mogo, moh, tara, ya, mo, ci, bu, am, nga, nafi, lo, wanda, njoh, nyanga, mbom, mbindi, "
        "vrai, deh, dja, oh, o, y, n, s, t, x, r, cm, sn, kan, quand, ou est, quel, quelle, combien, how, much, where, "
        "what, there, any, nouveau, nouvelle, ancien, fin, debut, plusieurs, immobilier, immo, agent, proprietaire, "
        "bailleur, locataire, annonce, offre, demande, interesse, mise, valeur, affaire, occasion, beaucoup, merci "
        "beaucoup, good morning, par, per, mais bon, lieu, endroit, situe, situee, lumiere, courant, placard, "
        "dressing, residence, immeuble neuf, cour, commun, commune cour, entree, sortie, arret, bus, gare, station, "
        "hopital, pharmacie, eglise, mosquee, stade, aeroport, port, plage, mer, vue, lagune, centre, nord, sud, "
        "ouest, axe, lourd, bloc, rue, avenue, boulevard, impasse, feu, feux, rouge, texaco, supermarche, a lot, let "
        "me, aidez, moi, mi, eau, electricite, facture, factures, a terme, etc, loin du, bureau de poste, bureau de "
        "vote, bureau des impots, bureau du chef, bureau d etat civil, bureau central, maison du parti, maison des "
        "jeunes, maison d arret, maison de la radio, maison de la culture, hotel de ville, post office, police office, "
        "council office, c est a, c est au, ce soit a, wey dey for, wey dey, qui est a louer, begg, bugg, naa, nga, "
        "dafa, ab, ag, ak, neex, yomb, bokk, ndax, xaalis, appelle, appele, apelle, appelles, fii, foofu"
    ),
}

LONGEST_PHRASE = 6


_ANY_OF = re.compile(r"\(([^)]*)\)")


def each_way(phrase: str) -> Iterator[str]:
    """Give each way to say a phrase of a table: "(pour|de) (mon|ma)" stands for four."""
    parts = [part.split("|") for part in _ANY_OF.split(phrase)]
    return ("".join(way) for way in product(*parts))


def _lexicon() -> dict[str, Sense]:
    lexicon: dict[str, Sense] = {}
    for sense, phrases in _SENSES.items():
        for phrase in (way for each in phrases.split(", ") for way in each_way(each)):
            if lexicon.setdefault(phrase, sense) is not sense:
                raise ValueError(f"{phrase} has two senses")
    for word in ORDINARY:
        lexicon.setdefault(word, Sense("noise"))
    return lexicon


LEXICON = _lexicon()
"""Folded word or phrase (single spaces) to its sense; a phrase that is longer wins over its words."""

ADJECTIVES = frozenset(["belle", "belles", "grande", "grandes", "petite", "petites", "big", "nice", "small", "vraies"])
"""May stand between a number and what it counts."""
