"""Words that stand in any text, folded: an alias that is one of them finds everybody's."""

import re

COMMON_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        a about after all alors also am an and any are as at au aussi aux avec be because been before bien bon
        but by can ce ces cette comme contre dans das de der des die do donc du ein eine el elle elles en encore
        entre es est et etre eux faire fait for from get go good had has have he her here him his how i if il
        ils in into is ist it its je jour just la las le les leur like los lui ma mais me meme mes mit moi mon
        monsieur more most my ne new nicht no nos not notre nous now of off on one only or other ou our out over
        par pas plus pour qu que qui right sa said say se see ses she si so some son sont sur ta te tes than
        that the their them then there they this time to today toi ton tous tout two un und une up us very von
        vos votre vous was way we well were what when which who will with would y yes you your
        """,
    )
)
