"""Safety copies of the installation: one file with the database, the content folder and a list of checksums.

``facts`` says what a database holds, ``database`` copies one and puts one back, ``archive`` writes and reads the file.
"""

from articles.backups.archive import Contents, Manifest, read_backup, write_backup
from articles.backups.database import aside_while, copy_aside, put_database
from articles.backups.facts import BackupError, find_newer

__all__ = [
    "BackupError",
    "Contents",
    "Manifest",
    "aside_while",
    "copy_aside",
    "find_newer",
    "put_database",
    "read_backup",
    "write_backup",
]
