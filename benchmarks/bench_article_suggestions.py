"""Suggestions while typing over 20,000 solutions in English and Chinese.

Run: python benchmarks/bench_article_suggestions.py -d DB
Each query is a sentence as it is typed, word by word. Goal: 200 ms for the slowest.
"""

import random
import statistics

from database_bench import environment, seconds

COUNT = 20_000
WORDS = (  # noqa: SIM905 (a sentence reads better than a list)
    "pump valve motor seal bearing shaft filter oil leak noise vibration pressure "
    "temperature sensor display cable fuse relay controller alarm start stop slow "
    "broken blocked worn loose hot cold wet dry inlet outlet gasket coupling"
).split()
CHINESE = "液压泵漏油电机不转阀门堵塞压力过高温度传感器报警显示屏黑轴承噪音振动密封磨损"


def main():
    with environment(__doc__, "service.article") as (env, _own):
        chance = random.Random(5)
        articles = env["service.article"].with_context(tracking_disable=True)
        articles.create([make_article(chance, number) for number in range(COUNT)])
        env.flush_all()
        env.cr.execute("ANALYZE service_article")
        times, found = [], 0
        for _query in range(40):
            words = chance.sample(WORDS, 6)
            if chance.random() < 0.5:
                words = [sentence(chance, 4) for _part in range(3)]
            for length in range(1, len(words) + 1):
                text = " ".join(words[:length])
                taken, result = seconds(lambda text=text: articles.suggest(text))
                times.append(1e3 * taken)
                found += bool(result)
        times.sort()
        print(
            f"{len(times)} queries, {found} with suggestions: "
            f"median {statistics.median(times):.1f} ms, "
            f"95 % {times[int(len(times) * 0.95)]:.1f} ms, "
            f"slowest {times[-1]:.1f} ms (goal: 200 ms)"
        )


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
