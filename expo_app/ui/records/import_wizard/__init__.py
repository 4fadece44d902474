"""Import in four steps: choose a file, which column is which, what unknown words mean, what each row would do.

`dialog` is the frame, `work` what is decided and planned, and each step has its file. Nothing is written before the
last step's button.
"""

from expo_app.ui.records.import_wizard.choose import DropCard, save_template
from expo_app.ui.records.import_wizard.dialog import ImportWizard
from expo_app.ui.records.import_wizard.engine import Pasted

__all__ = ["DropCard", "ImportWizard", "Pasted", "save_template"]
