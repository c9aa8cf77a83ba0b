// Writes the counts of a Jest run to the file in COUNT_FILE. Jest's own --json writes nothing at all when the error of
// a failed test leads back to itself, as those of child processes do.
const { writeFileSync } = require('node:fs');

module.exports = class CountReporter {
  onRunComplete(_, results) {
    const count = {
      passed: results.numPassedTests,
      // A file that could not run at all counts as one failed test, lest a count without failures ends a failed run.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(process.env.COUNT_FILE, JSON.stringify(count));
  }
};
