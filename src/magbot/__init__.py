"""magbot: answers about magnesium and health, in Danish and English, each statement with an exact quote."""

__version__ = "0.1.0"
