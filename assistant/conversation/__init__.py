"""A follow-up and the turns before it -> self-standing requests.

resolve leads; memory (what the turns before leave), cues (how a turn leans on them), context (both together), then
the ways of leaning: steps_on_lists, steps_on_fiche.
"""
