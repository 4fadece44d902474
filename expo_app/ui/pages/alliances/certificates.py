"""成员证 of the members that are ticked, into a file that the person names."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QWidget

from expo_app.documents import alliances as documents
from expo_app.i18n import _
from expo_app.ui.context import Context
from expo_app.ui.kit import messages
from expo_app.ui.records import files


def write_of(parent: QWidget, context: Context, members: Sequence[uuid.UUID]) -> None:
    """Ask where, then write a page for each of them in a worker."""
    if (expo := context.expo) is None:
        messages.show(parent, _("成员证的抬头是展会，没有打开展会，没有打印。先新建或打开一个展会。"), "warn")
        return
    name = files.safe_name(_("成员证")) + ".pdf"
    path = files.ask_where(parent, context, _("成员证"), name, _("PDF 文件 (*.pdf)"))
    if path is None:
        return
    db, said = context.db, _("已存为 {name}").format(name=path.name)
    context.run(
        _("成员证"), lambda progress: documents.write_certificates(db, expo, members, path, progress),
        lambda _nothing: messages.show(parent, said, "ok", (_("打开文件夹"), partial(files.open_folder, path))),
        parent=parent,
    )  # fmt: skip
