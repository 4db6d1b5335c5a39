"""Ask recordlinkage who each of some typed records is: the register is indexed anew each time."""

import time

import recordlinkage

from benchmarks.linkage.peers.recordlinkage_run import MODELS, candidates, compared, read
from benchmarks.linkage.peers.runner import Answers, questions


def main() -> None:
    """Answer the questions named on the command line; see runner.questions."""
    chosen = questions()
    model = MODELS["generated"]
    known, asked = (
        read(str(file)).set_index(model.unique_id, drop=False)
        for file in (chosen.register, chosen.asked)
    )
    classifier = recordlinkage.ECMClassifier(init="jaro", binarize=None)
    classifier.fit(compared(model, candidates(model, [known]), [known]))
    answers = Answers()
    for number in range(len(asked)):
        one = asked.iloc[number : number + 1]
        started = time.perf_counter()
        pairs = candidates(model, [known, one])
        found = []
        if len(pairs):
            features = compared(model, pairs, [known, one])
            probabilities = classifier.prob(features)
            found = [(int(pair[0]), float(p)) for pair, p in probabilities.items()]
        answers.add(time.perf_counter() - started, found)
    answers.write(chosen.out)


if __name__ == "__main__":
    main()
