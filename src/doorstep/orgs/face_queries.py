"""All SQL of what homeowners see of an organization."""

from doorstep.orgs.model import Face, OrgScope


async def find(scope: OrgScope) -> Face:
    """The scope's own."""
    row = await scope.tx.fetchrow(
        """
        SELECT id AS org_id, name, customer_display_name, colour, logo, privacy_url, terms_url,
            support_phone, languages
        FROM orgs WHERE id = $1  -- org_id is the row's own id
        """,
        scope.org_id,
    )
    assert row is not None
    return Face(**row)
