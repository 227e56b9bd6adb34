"""One block of the sample company from its seed to its Arrow tables; blocks do not depend on each other."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import numpy as np
import pyarrow as pa

from plumbline.sample.account_rows import write_accounts
from plumbline.sample.activities import write_activities, write_campaign_members
from plumbline.sample.buffer import Buffer
from plumbline.sample.calls import write_calls
from plumbline.sample.canaries import plant_canaries
from plumbline.sample.companies import make_companies
from plumbline.sample.deal_cases import plant_deals_without_snapshots
from plumbline.sample.deal_rows import write_deals
from plumbline.sample.deals import make_deals
from plumbline.sample.identity_cases import plant_identity_cases
from plumbline.sample.ids import IdSource
from plumbline.sample.landing import land
from plumbline.sample.marketing import write_marketing
from plumbline.sample.people import make_people
from plumbline.sample.people_rows import write_marketing_leads, write_people
from plumbline.sample.reference import make_common
from plumbline.sample.spoiling import spoil
from plumbline.sample.team import make_team
from plumbline.sample.truth import write_account_truth, write_deal_truth
from plumbline.sample.truth_people import write_people_truth
from plumbline.sample.world import Block, Common


def common_tables(seed: int) -> dict[str, pa.Table]:
    """Tables of what all blocks share."""
    out = Buffer(np.random.default_rng([seed, 1_000_000]))
    make_common(seed, out)
    return out.finish()


@lru_cache(maxsize=2)
def _common(seed: int) -> Common:
    return make_common(seed, Buffer(np.random.default_rng([seed, 1_000_000])))


def block_tables(seed: int, number: int, fraction: float) -> dict[str, pa.Table]:
    """All rows of block `number` (from 0), at a fraction (above 0, at most 1) of its full size, by table."""
    g = np.random.default_rng([seed, number])
    block = Block(
        number=number,
        seed=seed,
        fraction=fraction,
        r=Random(f"{seed}:{number}"),
        g=g,
        ids=IdSource(number + 1),
        out=Buffer(g),
        common=_common(seed),
    )
    make_team(block)
    make_companies(block)
    make_people(block)
    plant_identity_cases(block)
    if number == 0:
        plant_canaries(block)
    make_deals(block)
    plant_deals_without_snapshots(block)
    write_accounts(block)
    write_deals(block)
    write_activities(block)
    write_calls(block)
    write_campaign_members(block)
    scores, opted_out = write_marketing(block)
    write_people(block)
    write_marketing_leads(block, scores, opted_out)
    write_account_truth(block)
    write_deal_truth(block)
    write_people_truth(block)
    landed = spoil(block, land(block, block.out.finish()))
    # what landing and spoiling do is noted in the truth while it happens
    return {**landed, **block.out.finish()}
