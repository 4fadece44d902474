"""Open 展务台, or run one of its verbs: `main.py --help` lists them."""

import sys

from expo_app.app import main

if __name__ == "__main__":
    sys.exit(main())
