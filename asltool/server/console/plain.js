// A page that only says something.

import "./dress.js";
