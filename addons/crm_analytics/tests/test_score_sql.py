import random

from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from ..tools import abc_sql, pareto, rfm, score_sql
from ..tools.class_sql import Limits

SHARES = (0.8, 0.95)
AMOUNTS = (  # in whole units of money: ties, losses, and all rungs of the ladder
    lambda rng: rng.choice((0, 0, 1, 5, 5, 7)),
    lambda rng: rng.randrange(-50, 200),
    lambda rng: round(10 ** rng.uniform(0, 11)),
    lambda rng: 0,
    lambda rng: -rng.randrange(1, 9),
)


@tagged("post_install", "-at_install")
class TestScoreSql(TransactionCase):
    """Letters and scores of any customers are those of the kernels."""

    def setUp(self):
        super().setUp()
        self.rng = random.Random(19)

    def _companies(self):
        """Amounts of 1 to 80 customers, each kind of company many times."""
        for number in range(60):
            amount = AMOUNTS[number % len(AMOUNTS)]
            yield [amount(self.rng) for _i in range(self.rng.randrange(1, 80))]

    def _read(self, query):
        return [tuple(row) for row in self.env.execute_query(query)]

    def test_letters_are_those_of_the_kernel(self):
        """Covers: ANA-03"""
        for amounts in self._companies():
            query = SQL(
                """
                WITH base AS (SELECT place AS partner_id, amount * 10000 AS units
                                FROM unnest(%(amounts)s::bigint[])
                                     WITH ORDINALITY AS g(amount, place)),
                rungs AS (%(rungs)s), a AS (%(a)s), b AS (%(b)s)
                SELECT %(letter)s FROM base h ORDER BY h.partner_id""",
                amounts=amounts,
                rungs=abc_sql.ladder("units"),
                a=abc_sql.last_with_letter("rungs", "units", SHARES[0]),
                b=abc_sql.last_with_letter("rungs", "units", SHARES[1]),
                letter=abc_sql.letter("units", "a", "b"),
            )
            with self.subTest(amounts=amounts):
                found = [letter for (letter,) in self._read(query)]
                expected = pareto.analyse(amounts, *SHARES).abc.tolist()
                self.assertEqual(found, expected)

    def _scores(self, columns, limits):
        return self._read(
            SQL(
                """
                WITH base AS (
                    SELECT place, recency_key, frequency, money * 10000 AS money
                      FROM unnest(%(r)s::int[], %(f)s::int[], %(m)s::bigint[])
                           WITH ORDINALITY AS g(recency_key, frequency, money, place)),
                quintiles AS (%(quintiles)s), t AS (SELECT %(limits)s FROM quintiles)
                SELECT %(r_score)s, %(f_score)s, %(m_score)s
                  FROM base h CROSS JOIN t ORDER BY h.place""",
                **dict(zip("rfm", columns, strict=True)),
                quintiles=score_sql.quintiles(),
                limits=score_sql.limits(limits),
                r_score=score_sql.score("recency_key", "<=", "r"),
                f_score=score_sql.score("frequency", ">=", "f"),
                m_score=score_sql.score("money", ">", "m"),
            )
        )

    def _kept(self, columns, limits):
        """The limits that a run keeps."""
        [row] = self.env.execute_query(
            SQL(
                """
                WITH base AS (
                    SELECT place, recency_key, frequency, money * 10000 AS money
                      FROM unnest(%(r)s::int[], %(f)s::int[], %(m)s::bigint[])
                           WITH ORDINALITY AS g(recency_key, frequency, money, place)),
                quintiles AS (%(quintiles)s), t AS (SELECT n, %(limits)s FROM quintiles)
                %(found)s""",
                **dict(zip("rfm", columns, strict=True)),
                quintiles=score_sql.quintiles(),
                limits=score_sql.limits(limits),
                found=score_sql.found(),
            )
        )
        return row[0], score_sql.cuts(limits, *row)

    def test_scores_are_those_of_the_kernel(self):
        """Covers: ANA-01"""
        cuts = rfm.Cuts((30, 60, 120, 240), (2, 3, 6, 12), (10, 60, 110, 5_000))
        for amounts in self._companies():
            days = [self.rng.randrange(0, 400) for _amount in amounts]
            times = [self.rng.randrange(0, 15) for _amount in amounts]
            columns = (days, times, amounts)
            for least, scores in (
                (1, rfm.score_quintile(*columns)),
                (1_000, rfm.score_fixed(*columns, cuts)),
            ):
                limits = Limits(least, *cuts, *SHARES, *[0] * 5)
                expected = list(
                    zip(*(score.tolist() for score in scores[:3]), strict=True)
                )
                with self.subTest(least=least, columns=columns):
                    self.assertEqual(self._scores(columns, limits), expected)
                    count, kept = self._kept(columns, limits)
                    self.assertEqual(count, len(amounts))
                    self.assertEqual(kept, scores.cuts)
                    [row] = self._read(SQL("SELECT %s", score_sql.constants(kept)))
                    given = rfm.Cuts(
                        row[3::-1], row[4:8], [(m + 1) / 10_000 for m in row[8:]]
                    )
                    again = rfm.score_fixed(*columns, given)
                    self.assertEqual(
                        list(zip(*(s.tolist() for s in again[:3]), strict=True)),
                        expected,
                    )
