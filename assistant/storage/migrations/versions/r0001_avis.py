"""The opinions. Takes over the table of installations from before the migrations, which had the same columns."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    if sa.inspect(op.get_bind()).has_table("avis"):
        return
    op.create_table(
        "avis",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("date", sa.DateTime, nullable=False),
        sa.Column("question", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("fiches", sa.String, nullable=False),
        sa.Column("useful", sa.Integer, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("candidate", sa.Integer, nullable=False),
    )
