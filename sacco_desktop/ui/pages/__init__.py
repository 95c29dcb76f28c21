"""One folder a page. Pages never import each other."""
