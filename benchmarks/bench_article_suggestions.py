"""Suggestions while typing over 20,000 solutions in English and Chinese.

    python benchmarks/bench_article_suggestions.py -c odoo.conf -d DB [--articles N]

Each query is a sentence as it is typed, word by word; every solution shares words with
every query, which is the worst a search can meet. "with foreign words": the sentence
has a word of no solution; "long": twelve words, which hardly any solution has together.
Goal: 200 ms for 95 %.
"""

import random
import statistics

from database_bench import environment, options, seconds

GOAL = 200
SENTENCES = 40
WORDS = (  # noqa: SIM905 (a sentence reads better than a list)
    "pump valve motor seal bearing shaft filter oil leak noise vibration pressure "
    "temperature sensor display cable fuse relay controller alarm start stop slow "
    "broken blocked worn loose hot cold wet dry inlet outlet gasket coupling"
).split()
CHINESE = "液压泵漏油电机不转阀门堵塞压力过高温度传感器报警显示屏黑轴承噪音振动密封磨损"


def main():
    parser = options(__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    with environment(__doc__, "service.article", parser) as (env, chosen):
        chance = random.Random(5)
        articles = env["service.article"].with_context(tracking_disable=True)
        articles.create([make_article(chance, n) for n in range(chosen.articles)])
        env.flush_all()
        env.cr.execute("ANALYZE service_article")
        print(f"{chosen.articles} solutions, ms a query, goal {GOAL} ms for 95 %")
        print(f"{'typed':<30}{'queries':>8}{'median':>8}{'95 %':>8}{'slowest':>9}")
        for label, make in KINDS.items():
            report(label, [typed(articles, make(chance)) for _n in range(SENTENCES)])


def typed(articles, words):
    """Milliseconds of each query while ``words`` are typed, and whether it helped."""
    for length in range(1, len(words) + 1):
        text = " ".join(words[:length])
        articles.env.invalidate_all()
        taken, found = seconds(lambda text=text: articles.suggest(text))
        assert found, text
        yield 1e3 * taken


def report(label, sentences):
    times = sorted(each for sentence in sentences for each in sentence)
    late = times[int(len(times) * 0.95)]
    print(
        f"{label:<30}{len(times):>8}{statistics.median(times):>8.1f}"
        f"{late:>8.1f}{times[-1]:>9.1f}"
    )


def english(chance):
    return chance.sample(WORDS, 6)


def chinese(chance):
    return [sentence(chance, 4) for _part in range(3)]


def long(chance):
    return chance.sample(WORDS, 12)


def mixed(make, foreign):
    """Words as ``make`` gives them, with one of no solution after the first."""
    return lambda chance: (words := make(chance))[:1] + [foreign] + words[1:]


KINDS = {
    "English": english,
    "Chinese": chinese,
    "English, long": long,
    "English with foreign words": mixed(english, "yesterday"),
    "Chinese with foreign words": mixed(chinese, "客户昨天"),
}


def sentence(chance, length):
    start = chance.randrange(len(CHINESE) - length)
    return CHINESE[start : start + length]


def make_article(chance, number):
    if number % 2:
        text = "，".join(sentence(chance, 6) for _part in range(5))
        return {"name": f"{sentence(chance, 5)}{number}", "symptom": text}
    return {
        "name": " ".join(chance.sample(WORDS, 4)) + f" {number}",
        "symptom": " ".join(chance.choices(WORDS, k=25)),
        "cause": " ".join(chance.sample(WORDS, 5)),
    }


if __name__ == "__main__":
    main()
