"""WeChat's server as its documents describe it, as far as a mini-program's backend calls it."""
