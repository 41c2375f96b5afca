"""Make pictures of the first screens of Control, Dashboard and Lead Profile in two sizes of window.

    python docs/first_screens.py FOLDER

The same scene as in `screenshots`, so that the pictures of two versions can be laid side by side.
"""

import argparse
import shutil
import tempfile
from pathlib import Path

import screenshots
from screenshots import Camera, Scene

SIZES = ((1440, 900), (1920, 1080))
TABS = {"Control": "control", "Dashboard": "dashboard", "Lead Profile": "lead-profile"}


def pictures(scene: Scene, folder: Path) -> None:
    """Save the first screen of each tab in each size."""
    for size in SIZES:
        screenshots.SIZE = size
        camera = Camera(f"{scene.server.url}/")
        try:
            for title, name in TABS.items():
                camera.open(title)
                if title == "Lead Profile":
                    screenshots.choose_lead(camera, scene)
                camera.settle()
                camera.driver.save_screenshot(str(folder / f"{name}-{size[0]}.png"))
        finally:
            camera.driver.quit()


def main() -> None:
    """Read the command line, play the story and take the pictures."""
    parser = argparse.ArgumentParser(description="Make pictures of the first screens in two sizes of window.")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    state = Path(tempfile.mkdtemp())
    scene = Scene(state, days_ago=17)
    try:
        scene.play()
        pictures(scene, folder)
    finally:
        scene.server.stop()
        shutil.rmtree(state)


if __name__ == "__main__":
    main()
