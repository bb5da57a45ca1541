"""What may stand in a log: addresses without the secrets in them."""

import logging
import re

#: Public ids are shorter; a gift's link, an invitation and a provider's secret are longer.
_SECRET = re.compile(r"(?<=/)[\w-]{17,}")


class WithoutSecrets(logging.Filter):
    """Cut the unguessable parts out of logged addresses: whoever has a gift's address has the gift."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record's arguments; every record passes."""
        if isinstance(record.args, tuple):
            record.args = tuple(
                _SECRET.sub("***", one) if isinstance(one, str) else one for one in record.args
            )
        return True
