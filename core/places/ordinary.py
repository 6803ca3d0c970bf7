"""Everyday words that say nothing about a home, so that none of them is taken for a misspelt place or kind of home."""

ORDINARY = frozenset(
    """
abord absent accord account acheteur adresse affaires after again against agir aider aime aimerais ainsi alerte
aller allo allow almost alone along alors already also although always amie among ampoule annuler another answer
anybody anyone anything anywhere apply apporter apprendre apres area argent arrive arriver ashawo ashia asking assis
asso atelier attendre attends attention aucun aussi autant autre autres avant avez avis avocat avons away ayant baby
back bagage bahat balance bank banque barre base bateau batir beaute beautiful bebe because become before begin
behind believe bendskin besoins bete better bientot bill billet bindi black blanc block blue board body bois boite
bonheur book both bottom bouche bouchee bouger boulanger boulot bras bring broken brown bruit build business button
cabine cable cadeau cadre cafe calcul came camion campagne cancel capable care carry carte case casse cassee cassees
casses catch cause cave cela celle celui center central cependant certain certaine chacun chair chaise chaleur champ
chance change changement changer chaque charge chaud check chemin chia chien child choisir choix choose chop church
circule city clair class classe clear clef client clients coast code coin cold collegue combi come comment commerce
commot compagnie company comparer complain complete compris compte compter confiance confirmer confort conseil
construire continue contrat contre control cook cool copain copie corner corps couche coucher could couleur country
coup coupe coupure coupures courage courir course court cousin coute coutent couter couvert couvrir cover create
croire crois cuire cuisiner current daily dame dames danger danse dark daughter deal dear decide decouvrir deep
dehors deja delai demander demandes demarche demenage demenager dent depart depend depense depuis dernier derniere
descend desire desole dessous dessus detail details dette devenir devoir dieu difference different difficile
difficult dimanche diner dinner dire direct directeur dirty discuter disjoncteur distance divers djoss doctor
document does dois doit donc donne donner dont door doucement doute draw dream drink drive droit droite drole dure
durer during each early east easy echange ecoute ecouter ecrire effet egalement electric electricien electricity
element elle elles else email emploi employe emporter encore enfin english enjoy ennui enough enquete ensemble
ensuite entendre entendu enter entier entreprise envie envoie envoyer epouse erreur espace espece espere esperer
essai essaye etat etre etude etudes etudier every everybody everyone everything evidemment exact examen example
exemple expect explain explique expliquer extra facile facon fact faible fair fait family fast father fatigue faux
feel femme femmes fenetre ferme fermer fete field fill fille filles fils fine finir finish fire first fish fissure
flood follow fonction fond food force forget forme fort forte found fournir frapper free french fresh friend friends
froid fuite fuites full funny furniture gagner garcon garden garder gate gauche general gens gentil girl give glad
gnole goes gomna gone government grave green ground group groupe grow guard guerre guest guide habitude hala half
hand happen happy hard hasard hauteur have head health hear heart heavy help here heureux hier high hill histoire
hiver hold holiday homme hommes honte hope hospital host hotel however humain humide husband idea idee image
immediat immediately important impossible impot incendie inconnu informer infos inondation inquiet installer instant
interet interieur internet into inviter issue item jambe jaune jeudi jeune jeunes joie join jong joue jouer journal
journee just juste justement keep kengue know kongossa kwatt lady laisse laisser lampe landlord language langue
large last late later latest laugh laver leader leak learn least leave lecon left leger lendemain lent lequel less
letter lettre leur leurs level lever ligne like line linge liquide list liste little livre locatif locative lock
long longtemps longue lors lorsque lose lost love lower luck lundi lune machine made main maire maitre malade
maladie malgre maman manage manger manque many marchand marcher mardi mari mariage marier mark market marque married
master matin matter mauvais mauvaise maybe mbeng mbere mboko mboma mean meet meilleur meilleure member meme memoire
menage mener mensonge mercredi merdes mere message mesure metier middle midi mieux might milieu mind miss modern
mola moment monde monnaie monter montrer morceau more mort moteur mother mougou moumou mourir mouton move moyen
moyenne muna music musique must name nang naso nature naturel nawa ndem ndemer ndjoka ndock ndogo ndole necessaire
necessary neighbor nettoyer never news next ngata ngataman night njamba njangi nobi nobody noise nombre nombreux
nommer none normal north note nothing notice notre nous nouvelles nuit number nyamfou nyango objet obtenir occupe
occuper occupied oeil oeuvre offer offrir often okada once online open opposite order ordinateur ordre other outside
ouvert ouverte ouvrir owner owners page paid paint paix pala palava panapo panne pannes papa paper papier paquet
paraitre parce parent parents parfait parfois parle parler parmi parole part partager parti partie partir partout
party pass passage passe passer past path pauvre payement pays peau peine peinture pendant penser perdre perdu
perfect period permet permettre pesin peur peut peux photo photos phrase picture pied pierre pikin plafonds plaisir
plan plane play plein pleine pleuvoir plombier plombiere pluie plumber poche police ponce pont poor porter pose
poser pourquoi pourtant pousser pouvez pouvoir power premier premiere prends preparer presence present presenter
presque presse preter preuve prie prier prise prises private probably problem probleme problemes problems prochain
prochaine profiter projet promesse promettre promise property propose proposer protege public puis puisque pull
punir purpose push qualite quality quelles question quick quiet quite quittance quittances quitter raconter raison
ramasser rapide rappel rappeler rare rater reach ready real really reason receipt receive recent recevoir recois
recommander reconnaitre record recu recus reduce reduction reduire refuse refuser regarder regle reglement regler
regular relation remain remarque remboursement reme remember remercie remettre remplir rencontrer rendez rendre
rendu rentre rentrer repair reparation reparer repas repe repeter reply repondre reponse report repos reprendre
request reseau reserve reserver resoudre respect respond rest reste result resultat retard retour retourner
retrouver return reunion reussir reve reveil revenir rich riche right ring rire rise river robinet robinets role
roof roulant rouler rule running rythme sabi sable sache safe said saison same samedi sand sang sante sapak sauter
save savoir scolaire search second seconde secours secret secure security seem selon sembler send sens sentir serait
serieux serious serrure serrures service servir seul seule several shall share short should show shower side siecle
sign signe signer similar since sista situation size sleep slow social societe soif soin soir soiree solde soleil
solution sombre something sometimes sometin sommeil somtin soon sorry sorte sortir sote sotey soudain souffrir
souhaite souhaiter souhaiterais sound soupe source sourire south soutra souvenir souvent space speak special sport
stair start state steal still stop storm story straight strong student study such sucre suffit sugar suggest suit
suite suivant suivre sujet summer super sure surface surtout sympa system table tableau take talk tall tank tant
tante taper tard taxe taxi tchakap tchass tchatche tchoko tchombe tchop teach teacher team technicien tell tellement
temps tenant tenir term tete thank theatre their them then these they thing things think third those though through
ticket tiens tient time timide tired tirer today together toiture tomber tomorrow tonight tori tort total touch
toucher toujours toum tour tourner toward town track traffic train traiter trajet tranquille transfer transport
travail travailler travaux travel traverser tree tribunal triste trou trouble true trust tuer turn tuyau twice
understand until upon upper usine usual utile utiliser vacances valable valider valoir vendeur vendredi venir vent
ventre verre versement veste viande vieille view virement virements visage visit vitesse vivant voice voici voie
voila voisin voisins voix volonte voulez vouloir voulu vous voyage vraie vraiment wack wahala wait waka walk wall
wandafut warm wash watch weekend welcome weti whatever when which while white whole whose wife wind window wish
without woman women wonder wood word work worker world worry worse woubi write wrong yamo yellow yesterday yeux
young your yoyette mute mutee affecte affectee affectation nomme nommee transfere transferee recrute embauche
votre vos comprends comprend comprendre compris nanga aleykoum aleikoum
aimerait aunt basee bases beside boulangerie cathedrale chapelle chauffeur chefferie cimetiere clinique college
commercant commercante commissariat copine deplacer descends desirons dispensaire docteur eleve emmenage enseignant
enseignante fonctionnaire gendarmerie going heberge hebergee hein infirmier infirmiere installee interessee jcherch
jvoudrais located logee mademoiselle mairie marie mariee maternelle medecin militaire mister mlle nurse oncle
paroisse pars pasteur policier prefecture prefer preference presently prof rapprocher recherchons relocate rentrons
retourne sama searching shift situated stagiaire tonton trouvez university vais veut voudrait voudrions voulons
wanna would
acquis aide allons andre angle angry apparait apparemment appartenant appartenir appartient apport apporte apportee
arriere auras avouer baisse ballon basse bigger boire bombe bons bout calmer carrement chant commerciale commerciaux
conception conclusion couts cute departement department douce echappe electeurs elevee elever exist existait existe
exister fabrique faces faisons fans fasse fifth foie fourth foyer hide horse kouassi lawyer libere liberer loire
magazine mame manga marc mary massah masse mballo media mental mess messe mont months mouth nchang ndeye ngone nkeng
noire officer officiel officier paraissait parait parlement phase pile plat plate poids points poto potopoto rends
roues scenes score seine ships shoes shots singer sors sort sortes stone studies telling tendre tente tenter tiers
tirage tombe traits tries triple venu venue video vies ville villes vocation voire wales yako
abattu acheve achevee achever allocation amplement apparente apparu apparue apportent babies band bass bilingue bonus
boue boulet briller bros calmement ceiling cessez commode competent complement confession conversion donation dote
doue equite existed exit expose faced fanny feat finger forth gendre goute guarantee helen hobby implantation jonas
jouet layer lover loyal marry median mentalite missionnaire mouse moustique palier papillon pareil pareille partait
parte partez partielle pente pointer porto root sadly sage saint sainte sanitaire seller sentais sentait sentez
seventh shore sixth sortait sortez tailler tends theft tied venais vider
do he haha fan sadio garri gari thief parts tires pots lances pilule pilules viole avortement minorites playstation
pare maree pole poles passa pois poire fouet dome roms dumas semer maris hameau pareilles bourreau tiges etudies
etudiee ancre hamas doter dotee chatiment vocal appartenu facettes flots noye saurait saurais saurez phases blamer
liberee liberes fasses landes cheres areas cuts bones bonds burns fastest landed sorts sorted stole stored poll polls
pilots flags array ashamed exists pointed sore lanes sigh sights stare leverage lime flaws exile apparatus slots
chopped gallon limbs salty hose stoke stove tile tiles hides limb trench housed alas congestion rebuilding feast
ginger lads dual messy motto balai don dem cam comot una wuna sef tif vex tire abi bike bikes my his her him she who
why was were been has had can will be it its did done all one own out off got went
""".split()
)
