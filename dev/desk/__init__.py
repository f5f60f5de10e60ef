"""The developer's desk: a phone with the browser build, and beside it whose phone it is, the camera and a till."""
