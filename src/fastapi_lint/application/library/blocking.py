"""The standard library's blocking calls, and processor time that packages burn (Pillow, pandas).

FILE alone marks short accesses (`open`, `Path.exists`). What walks, moves or removes also blocks (BLOCK).
Pure path work (`Path(a) / b`, `os.path.join`) is not listed, so it does nothing.
"""

from __future__ import annotations

from typing import Final

from fastapi_lint.application.library.model import CallModel, ClassModel, Effect, Tables, each

BLOCK, FILE, CPU, QUERY = Effect.BLOCK, Effect.FILE, Effect.CPU, Effect.QUERY

_BLOCKS = CallModel((BLOCK,))
_FILE = CallModel((FILE,))
_DISK = CallModel((FILE, BLOCK))
_BURNS = CallModel((CPU,))
_SELF = CallModel(returns="self")
_FILE_PATH = CallModel((FILE,), takes="path")
_DISK_PATH = CallModel((FILE, BLOCK), takes="path")
_OPENS = CallModel((FILE,), "typing.BinaryIO", takes="path")

_FILE_METHODS = each(
    {
        "read readline readlines write writelines truncate": _FILE,
        "seek tell flush close": CallModel(),
    }
)
_MAIL = each(
    {
        "connect login starttls ehlo helo sendmail send_message quit noop": _BLOCKS,
    }
)

CLASSES: Final = {
    "typing.IO": ClassModel(methods=_FILE_METHODS),
    "typing.BinaryIO": ClassModel(bases=("typing.IO",)),
    "typing.TextIO": ClassModel(bases=("typing.IO",)),
    "aiofiles.open()": ClassModel(
        methods=each({"read readline readlines write writelines seek flush close": CallModel(is_async=True)}),
        awaited=CallModel(returns="aiofiles.open()"),
    ),
    "pathlib.Path": ClassModel(
        methods=each(
            {
                "exists is_file is_dir is_symlink is_mount stat lstat touch mkdir samefile resolve owner "
                "group chmod symlink_to readlink": _FILE,
                "read_text read_bytes write_text write_bytes": _FILE,
                "open": CallModel((FILE,), "typing.BinaryIO"),
                "unlink rmdir rename replace iterdir glob rglob": _FILE,
                "joinpath with_suffix with_name with_stem relative_to absolute expanduser cwd home": _SELF,
                "as_posix as_uri is_absolute match is_relative_to": CallModel(returns="scalar"),
            }
        ),
        attributes={"parent": "pathlib.Path"},
    ),
    "subprocess.Popen": ClassModel(
        constructor=_BLOCKS,
        methods=each({"wait communicate": _BLOCKS, "poll kill terminate send_signal": CallModel()}),
    ),
    "socket.socket": ClassModel(
        methods=each(
            {
                "connect accept recv recvfrom send sendall sendto recv_into sendfile": _BLOCKS,
                "close bind": CallModel(),
            }
        )
    ),
    "smtplib.SMTP": ClassModel(methods=_MAIL, constructor=_BLOCKS),
    "smtplib.SMTP_SSL": ClassModel(bases=("smtplib.SMTP",), constructor=_BLOCKS),
    "ftplib.FTP": ClassModel(
        methods=each(
            {
                "connect login cwd nlst dir mlsd retrbinary retrlines storbinary storlines delete mkd "
                "quit": _BLOCKS
            }
        ),
        constructor=_BLOCKS,
    ),
    "ftplib.FTP_TLS": ClassModel(bases=("ftplib.FTP",), constructor=_BLOCKS),
    "imaplib.IMAP4": ClassModel(
        methods=each({"login select search fetch store append logout": _BLOCKS}), constructor=_BLOCKS
    ),
    "imaplib.IMAP4_SSL": ClassModel(bases=("imaplib.IMAP4",), constructor=_BLOCKS),
    # Archives and images are as often in memory as in files.
    "zipfile.ZipFile": ClassModel(
        constructor=CallModel(takes="path"),
        methods=each({"extract extractall": _DISK, "read write writestr testzip namelist": CallModel()}),
    ),
    "tarfile.TarFile": ClassModel(methods=each({"extract extractall add addfile": _DISK})),
    "tempfile.TemporaryDirectory": ClassModel(constructor=_FILE, methods={"cleanup": _DISK}),
    # What work on an image costs depends on its size, so nothing is said of it.
    "PIL.Image.Image": ClassModel(
        methods=each(
            {
                "resize rotate convert filter transpose transform quantize": _SELF,
                "thumbnail load verify copy close": CallModel(),
                "save": _FILE,
            }
        )
    ),
    "pandas.DataFrame": ClassModel(
        methods=each({"to_csv to_excel to_parquet to_json to_feather to_pickle": _BURNS})
        | {"to_sql": CallModel((Effect.WRITE, BLOCK))}
    ),
}

FUNCTIONS: Final = {
    "time.sleep": _BLOCKS,
    "builtins.input": _BLOCKS,
    "builtins.open": _OPENS,
    "select.select": _BLOCKS,
    "fcntl.flock": _BLOCKS,
    "hashlib.pbkdf2_hmac": _BURNS,
    "hashlib.scrypt": _BURNS,
    **each({"run call check_call check_output getoutput getstatusoutput": _BLOCKS}, "subprocess."),
    **each({"system popen wait waitpid spawnl spawnv spawnvp": _BLOCKS}, "os."),
    **each(
        {"stat lstat access chmod mkdir makedirs link symlink readlink truncate utime fsync": _FILE_PATH},
        "os.",
    ),
    **each({"listdir scandir walk remove unlink rename replace rmdir removedirs renames": _DISK_PATH}, "os."),
    **each(
        {
            "exists isfile isdir islink ismount lexists getsize getmtime getctime getatime realpath "
            "samefile": _FILE_PATH
        },
        "os.path.",
    ),
    **each({"copy copy2 copyfile copytree rmtree move make_archive unpack_archive": _DISK_PATH}, "shutil."),
    **each({"copyfileobj": _DISK, "disk_usage which": _FILE}, "shutil."),
    **each({"glob iglob": _DISK_PATH}, "glob."),
    **each(
        {"NamedTemporaryFile TemporaryFile": CallModel((FILE,), "typing.BinaryIO"), "mkdtemp mkstemp": _FILE},
        "tempfile.",
    ),
    "gzip.open": _OPENS,
    "bz2.open": _OPENS,
    "lzma.open": _OPENS,
    "codecs.open": _OPENS,
    "tarfile.open": CallModel(returns="tarfile.TarFile", takes="path"),
    **each(
        {
            "create_connection": CallModel((BLOCK,), "socket.socket"),
            "getaddrinfo gethostbyname getfqdn": _BLOCKS,
        },
        "socket.",
    ),
    "PIL.Image.open": CallModel(returns="PIL.Image.Image", takes="path"),
    "PIL.Image.new": CallModel(returns="PIL.Image.Image"),
    **each(
        {
            "read_csv read_excel read_json read_parquet read_feather read_pickle read_html read_xml "
            "read_table": CallModel((CPU,), "pandas.DataFrame", takes="path")
        },
        "pandas.",
    ),
    **each(
        {
            "read_sql read_sql_query read_sql_table": CallModel(
                (QUERY, BLOCK), "pandas.DataFrame", takes="statement"
            )
        },
        "pandas.",
    ),
    "aiofiles.open": CallModel(returns="aiofiles.open()", takes="path"),
}

ALIASES: Final = {
    "io.open": "builtins.open",
    "_io.open": "builtins.open",
    "posixpath": "os.path",
    "genericpath": "os.path",
    "pathlib._local.Path": "pathlib.Path",
    "pathlib.PosixPath": "pathlib.Path",
    "tempfile.SpooledTemporaryFile": "typing.BinaryIO",
    "io.TextIOWrapper": "typing.TextIO",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
}

TABLES: Final = Tables(FUNCTIONS, CLASSES, ALIASES)
