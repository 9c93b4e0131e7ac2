// A clock that goes on while the page is not looked at: pages in the background are woken once a minute, workers are not slowed.
"use strict";
setInterval(() => postMessage(0), 3000);
