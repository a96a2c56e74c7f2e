"""The frame of the list of conversations that this browser keeps; memory.js fills it. The server has no part in it."""

from assistant.web.pages.frame import LIGHT

MEMORY = (
    '<button type="button" class="tool" id="open-memory" aria-haspopup="dialog">Conversations</button>'
    f"{LIGHT}"
    '<dialog id="memory" aria-labelledby="memory-title"><h2 id="memory-title">Conversations de ce navigateur</h2>'
    "<p>Elles ne quittent pas cet ordinateur. Sur un poste partagé, effacez-les après usage.</p>"
    '<ul id="memory-list"></ul><p id="memory-none" hidden>Aucune conversation pour le moment.</p>'
    '<div class="tools"><button type="button" class="tool" id="memory-export">Tout exporter</button>'
    '<button type="button" class="tool" id="memory-clear">Tout effacer</button>'
    '<button type="button" class="tool main" id="memory-close">Fermer</button></div></dialog>'
    '<p id="said" class="sr" role="status"></p>'
)
