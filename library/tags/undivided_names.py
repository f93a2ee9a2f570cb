"""Names of single artists that contain what separates the names of several elsewhere.

They are never split, whatever ARTIST_SEPARATORS says. Case does not matter.
"""

import re

_NAMES = """
+/-
10 Ft Ganja Plant
10 Ft. Ganja Plant
10,000 Maniacs
A/T/O/S
Above & Beyond
AC/DC
Adam & the Ants
AK/DK
Angels & Airwaves
Angus & Julia Stone
Ashford & Simpson
Beck, Bogert & Appice
Belle & Sebastian
Belle and Sebastian
Big & Rich
Black Country, New Road
Blood, Sweat & Tears
Bob Marley & the Wailers
Bob Seger & the Silver Bullet Band
Booker T. & the M.G.'s
Brooks & Dunn
Bruce Hornsby & the Range
Camo & Krooked
Captain & Tennille
Chase & Status
Coheed & Cambria
Coheed and Cambria
Crosby, Stills & Nash
Crosby, Stills, Nash & Young
Dan + Shay
Daryl Hall & John Oates
Dave Dee, Dozy, Beaky, Mick & Tich
Derek & the Dominos
Diana Ross & the Supremes
Earth, Wind & Fire
Earth, Wind and Fire
Echo & the Bunnymen
Emerson, Lake & Palmer
Emerson, Lake & Powell
Emerson, Lake and Palmer
Fear, and Loathing in Las Vegas
Florence + the Machine
Florence & the Machine
Florence and the Machine
Frankie Valli & the Four Seasons
Gladys Knight & the Pips
GZA/Genius
Hall & Oates
Hamilton, Joe Frank & Reynolds
Harold Melvin & the Blue Notes
Hootie & the Blowfish
Huey Lewis & the News
I, the Mighty
Ike & Tina Turner
Iron & Wine
Joan Jett & the Blackhearts
K/DA
KC & the Sunshine Band
King Gizzard & the Lizard Wizard
Kool & the Gang
Lambert, Hendricks & Ross
Little Feat
Loggins & Messina
LOONA / ODD EYE CIRCLE
M/A/R/R/S
Macklemore & Ryan Lewis
Marina & the Diamonds
Marina and the Diamonds
Martha Reeves & the Vandellas
Medeski, Martin & Wood
Medeski, Martin and Wood
Mumford & Sons
Nick Cave & the Bad Seeds
Nick Cave and the Bad Seeds
Nico & Vinz
nothing,nowhere.
Now, Now
Of Monsters and Men
Oh, Sleeper
Peaches & Herb
Peter, Paul & Mary
Peter, Paul and Mary
Prince & the Revolution
Rhythm & Sound
Sam & Dave
Seals & Crofts
Simon & Garfunkel
Siouxsie & the Banshees
Siouxsie and the Banshees
Sly & the Family Stone
Smokey Robinson & the Miracles
Sonny & Cher
Tegan & Sara
Tegan and Sara
The Good, the Bad & the Queen
The Good, the Bad and the Queen
Tom Petty & the Heartbreakers
Tom Petty and the Heartbreakers
Tyler, the Creator
West, Bruce & Laing
Years & Years
yes/and
Zager & Evans
"""

_LONGEST_FIRST = sorted(filter(None, _NAMES.splitlines()), key=len, reverse=True)
UNDIVIDED_NAME = re.compile(
    rf"(?<!\w)(?:{'|'.join(map(re.escape, _LONGEST_FIRST))})(?!\w)", re.IGNORECASE
)
