"""The guided tour: drives the real window through the main job and proves each step from elsewhere."""

from sacco_desktop.demo.tour.run import run_demo

__all__ = ["run_demo"]
