"""展务台: `python main.py` opens the window; `python main.py --help` lists what works without one."""

import sys

from expo_app.app import main

if __name__ == "__main__":
    sys.exit(main())
