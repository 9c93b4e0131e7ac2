// The ticket goes to the printer by itself; a browser started for a kiosk asks nobody. Without this file Ctrl+P does it.
"use strict";

if (document.querySelector("[data-print]")) addEventListener("load", () => window.print());
