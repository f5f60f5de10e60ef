"""The demo: families of several cities live through their city's rules, told in Chinese and checked at every promise."""
