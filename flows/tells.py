"""What words at the top of a chat tell: a table of folded words and phrases, nothing else."""

from typing import Final

_KIN: Final = (
    "frere soeur mere pere maman papa ami amie oncle tante cousin cousine fils fille mari femme enfant brother sister "
    "mother father mum friend uncle aunt son daughter wife husband neveu niece"
).split()
_FOR_KIN: Final = [
    f"{pour} {son} {kin}" for pour in ("pour", "de", "for") for son in ("mon", "ma", "my") for kin in _KIN
]
_HOMES: Final = "chambre studio appart appartement maison logement room house flat apartment place piaule".split()
_MY_HOME: Final = [f"{my} {home}" for my in ("ma", "mon", "my", "notre", "our") for home in _HOMES]

TELLS: Final[dict[str, str]] = {
    "pay": (
        "payer, paye, payes, payez, payons, paie, paies, payement, payements, paiement, paiements, pay, paying, "
        "payment, payments"
    ),
    "paid": (
        "ai paye, ai deja paye, deja paye, a paye, avons paye, ont paye, paid, don pay, viens de payer, vient "
        "de payer, dja paye, ai regle, ai deja regle, have paid, already paid, historique, history, mes "
        "paiements, my payments"
    ),
    "claim": (
        "pay me, paye moi, payez moi, me payer, m a pas paye, me paye pas, ne me paye, pas payer, no wan pay, "
        "no fit pay, refuse de payer, not pay, not paying, t pay, refuse to pay, pas me payer, est pas paye"
    ),
    "other_bill": (
        "electricite, facture, factures, eneo, camwater, senelec, cie, sodeci, courant, internet, canal, "
        "tontine, njangi, cotisation, scolarite, ecole, school, fees, impot, impots, taxe, amende, taxi, "
        "transport, credit, forfait, unites, airtime, nourriture, voiture, car, telephone, salaire, salary, "
        "patron, dette de jeu, billet, hopital, mariage, eau"
    ),
    "rent": "loyer, loyers, loye, loyes, rent, rents, bail, lease, redevance, mensualite, contrat de bail",
    "my_rent": (
        "mon loyer, mes loyers, my rent, notre loyer, our rent, loyer du mois, mon bail, my lease, house rent, "
        "my house rent"
    ),
    "month": (
        "mois, month, janvier, fevrier, mars, avril, mai, juin, juillet, aout, septembre, octobre, novembre, "
        "decembre, january, february, march, april, may, june, july, august, september, october, november, "
        "december"
    ),
    "ahead": "avance, en avance, d avance, in advance, advance",
    "wallet": "orange money, mobile money, momo, om, mtn, mtn money, moov money, wave, free money, par orange",
    "owe": (
        "owe, i owe, solde, mon solde, balance, reste a payer, me reste a payer, il me reste, restant du, "
        "arriere, arrieres, impaye, impayes, dette, dettes, en retard, retard, echeance, echeances, how much i "
        "dey owe, arrears, combien je dois, dois combien, combien dois je, combien on doit, ce que je dois, je "
        "vous dois"
    ),
    "another": ", ".join(
        [
            *_FOR_KIN,
            (
                "pour un autre, pour une autre, pour quelqu un, pour autrui, d un autre, de quelqu un, for "
                "another, for "
                "somebody, for someone, pour un ami, pour une amie, pour mon petit frere, pour mon grand frere, "
                "pour ma "
                "petite soeur, pour ma grande soeur, for a friend, for my small brother, for my big brother"
            ),
        ]
    ),
    "receipt": (
        "recu, recus, quittance, quittances, receipt, receipts, preuve de paiement, preuves de paiement, proof "
        "of payment, justificatif, attestation de paiement"
    ),
    "received": "ai recu, a recu, avons recu, avez recu, as recu",
    "check": "verifier, verifie, verifiez, verification, verify, check, controler, controle, authentifier, verif",
    "genuine": "vrai, vraie, faux, fausse, authentique, authenticite, genuine, fake, valide, valable, original",
    "language": (
        "langue, langues, language, lang, english, anglais, anglaise, francais, french, speak english, parler "
        "anglais, parler francais"
    ),
    "human": (
        "parler a quelqu un, parler a un agent, parler avec, parler a un humain, parler a un conseiller, "
        "service client, customer service, customer care, call center, conseiller, humain, human, real person, "
        "speak to, talk to, support, hotline, un agent, talk with"
    ),
    "help": (
        "aide, aidez, aider, aides, help, assistance, assistez, sos, secours, comment ca marche, comment "
        "utiliser, how it works, how does this work, how does it work, how this thing dey work, que puis je "
        "faire, what can i do, que faire"
    ),
    "how": "comment, how, how to, how do, how i fit, how can, kan",
    "how_much": "combien, how much, c est combien, quel montant, kombien",
    "broken": (
        "casse, cassee, casses, cassees, panne, pannes, fuite, fuites, fuit, coule, coulent, bouche, bouchee, "
        "bouchees, bouches, gate, gatee, gates, spoil, spoilt, broken, broke, leak, leaks, leaking, blocked, "
        "marche pas, marche plus, ferme plus, ferme pas, not working, no dey work, don spoil, don bad, don "
        "burst, burst, coupure, coupures, coupe l eau, coupe le courant, pas d eau, plus d eau, pas de courant, "
        "plus de courant, pas de lumiere, plus de lumiere, no light, no water, water no dey, light no dey, "
        "light don go, water don go, inondation, inonde, inondee, flood, flooded, court circuit, reparer, "
        "reparation, reparations, repair, repairs, plombier, electricien, plumber, electrician, delestage, "
        "moisissure, cafards, dechire, eclate, s ecroule"
    ),
    "at_home": ", ".join(
        [
            *_MY_HOME,
            ("chez moi, chez nous, a la maison, dans la maison, dans l immeuble"),
        ]
    ),
    "fraud": (
        "arnaque, arnaquer, arnaques, arnaqueur, escroc, escrocs, escroquerie, fraude, scam, scammer, scammed, "
        "fraud, voleur, porter plainte, plainte, faux proprietaire, faux bailleur, fake landlord, reclamation, "
        "signaler, complaint, vole, volee, stolen, theft"
    ),
    "refund": "rembourser, remboursez, remboursement, refund, annuler, annulation, cancel, reverse",
    "pin": "pin, code pin, code secret, mot de passe, password, oublie mon code, forgot my code, secret code",
    "mine_to_let": (
        "mettre ma, mettre mon, mettre en location, vendre ma, vendre mon, louer ma, louer mon, rent out, sell "
        "my, list my, publier, publier une annonce, poster une annonce, deposer une annonce, faire une annonce"
    ),
    "data": (
        "mes donnees, quelles donnees, mes infos, my data, donnees personnelles, supprimer mon compte, effacer "
        "mes donnees, delete my account, delete my data, vie privee, privacy, fermer mon compte"
    ),
    "register": (
        "inscrire, inscription, m inscrire, creer un compte, creer mon compte, nouveau compte, register, sign "
        "up, sign me up, registration, ouvrir un compte, create account, create an account"
    ),
    "link": "relier, lier, link, connecter, connect, associer, rattacher",
    "devices": (
        "appareil, appareils, devices, mes appareils, my devices, deconnecter, disconnect, autre telephone, "
        "delier, unlink, change de numero, changer de numero, nouveau numero, new number, change my number"
    ),
    "menu": "menu, accueil, main menu, menu principal, retour, debut",
    "seek": (
        "cherche, chercher, recherche, rechercher, cherchons, jcherche, cherch, trouver, find, search, looking "
        "for, look for, besoin d un, besoin d une, need a, need an, want a, veux un, veux une, voudrais un, "
        "voudrais une, avez vous, peux payer, can pay, fit pay, budget, soxla, dey find, di find"
    ),
    "lodging": (
        "logement, logements, maison, house, home, place to stay, place, toit, habitation, hebergement, "
        "accommodation, ou dormir, me loger, loger, somewhere to stay"
    ),
    "greet": (
        "bonjour, bonsoir, salut, slt, bjr, bsr, cc, coucou, hello, hi, hey, good morning, good evening, good "
        "afternoon, good day, good night, morning, evening, mbote, mbolo, asalam, salam, salamalekum, aleykoum, "
        "aleikoum, assalamou, assalam, asalamalekum, alaykum, nanga def, na nga def, how are you, comment ca "
        "va, ca va, cv, how far, hafa, na how, how na, wetin dey, akwaba, i ni sogoma, yo, allo, allo bonjour, "
        "bonne journee, bonne soiree, merci, merci beaucoup, thanks, thank you, ok, d accord, au revoir, bye, a "
        "bientot"
    ),
    "settle": "regler, regle, reglement, verser, verse, versement, solder, m acquitter, acquitter, settle, clear",
    "part": (
        "une partie, partie, en deux fois, en plusieurs fois, en tranches, la moitie, moitie, half, le reste, "
        "part of, peux payer en deux fois, peux payer en plusieurs fois"
    ),
    "when": "quand, when, date limite, deadline, avant quelle date, dernier delai",
    "fee": (
        "caution, visite, visites, visiter, agence, commission, commissions, frais, gardien, demarcheur, "
        "courtier, especes, cash, carte bancaire, carte, card, virement, a la main"
    ),
    "failed": (
        "echoue, failed, pas passe, debite, debitee, paye deux fois, ai paye deux fois, paid twice, charged "
        "twice, not gone through, no pass through, bloque, rejete, rejected"
    ),
    "quiet": (
        "plus de messages, envoyer des messages, ecrivez plus, desabonner, desabonnement, unsubscribe, stop "
        "messages, no more messages, trop de messages"
    ),
    "renting": "want to rent, wan rent, like to rent, looking to rent, to rent",
    "": (
        "de, la, le, les, du, des, d, l, un, une, a, au, aux, mon, ma, mes, my, the, for, of, to, in, is, it, "
        "this, that, me, moi, you, vous, tu, je, j, i, on, il, y, en, et, and, svp, stp, please, plz, abeg, "
        "veux, veut, voudrais, ve, veu, vx, jveux, jveu, souhaite, aimerais, want, wan, would, like, need, can, "
        "dey, di, do, does, don, make, c, ce, ca, cet, cette, est, es, se, s, qu, que, qui, quoi, quel, quelle, "
        "what, ai, as, avez, avoir, suis, sur, dans, par, avec, pour, with, by, from, now, maintenant, aujourd, "
        "hui, today, vite, urgent, besoin, envoyez, envoie, envoyer, send, donnez, donner, give, voir, see, "
        "show, there, here, sir, madame, monsieur, chef, boss, massa, beaucoup, much, passe, dernier, t, m, n, "
        "ne, numero, proprietaire, bailleur, landlord, francs, franc, f, fcfa, cfa, frs, k, mille, mil, "
        "million, millions, thousand, mon compte, puis, all, tous, tout, toutes, encore, pas encore, deja, "
        "some, 1, hier, yesterday, faire, fait, have, are, will, am, bien, good, nous, our, nos, notre, ici, "
        "si, xaf, xof, kolo, kolos, ya, dois, doit, devons, demain, tomorrow, loue, entre, between"
    ),
}
"""Folded words and phrases, a phrase before its words; those under "" tell nothing and hide nothing."""
