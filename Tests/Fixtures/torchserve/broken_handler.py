"""A handler whose import fails, as one does whose packages are not installed."""
import no_such_package_here


def handle(data, context):
    return None
