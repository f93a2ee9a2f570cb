"""Which tracks are one album: the rules, without Django and without a database.

`members` says what the rules know of a track; `units` which folders belong together; `titles` what
a title says beside its name; `unit_albums` makes albums of the tracks of one unit; `releases` joins
those of different units and tells releases of one name apart; `reasons` names the rules for people.
"""
