package io.solebox.app.airgap.prove;

import io.solebox.app.airgap.kernel.Errors;
import io.solebox.app.airgap.kernel.Kernel;

/** What the kernel's answers mean. */
record Calls(Kernel kernel) {
  /**
   * @param result of a call
   * @param reached errors by which the kernel says that it tried: nothing had refused the call
   */
  Answer answer(long result, int... reached) {
    if (result >= 0) {
      return new Answer.Through("the kernel gave " + result);
    }
    for (int error : reached) {
      if (result == -error) {
        return new Answer.Through("the kernel tried: " + Errors.name(result));
      }
    }
    return new Answer.Held(Errors.name(result));
  }

  /** The same of a call that gives a descriptor, which is closed. */
  Answer descriptor(long result, int... reached) {
    Answer answer = answer(result, reached);
    if (result >= 0) {
      kernel.call("close", result);
    }
    return answer;
  }
}
