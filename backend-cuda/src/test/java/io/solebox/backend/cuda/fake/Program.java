package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.PtxFile.Parameter;
import io.solebox.backend.cuda.fake.PtxFile.Variable;
import java.util.Arrays;
import java.util.List;

/**
 * A kernel made ready to run: nothing is looked up by name any more.
 *
 * @param lines of the PTX
 * @param sharedBytes static shared memory
 */
record Program(
    String name,
    Step[] steps,
    int[] lines,
    String[] texts,
    Registers registers,
    List<Parameter> parameters,
    List<Variable> shared,
    int sharedBytes,
    int maxThreads) {

  /**
   * An instruction at its place.
   *
   * @param guard slot of its predicate, {@link Registers#ALWAYS} for none
   * @param guardNegated flips the bits of that predicate
   * @param target where a branch goes
   * @param participants of a warp-wide instruction: slot of its member mask
   */
  record Step(
      Instruction code, Kind kind, int guard, boolean guardNegated, int target, int participants) {}

  /** What the scheduler must do at an instruction. */
  enum Kind {
    /** Each lane for itself. */
    PLAIN,
    BRANCH,
    EXIT,
    /** The whole warp, then the whole block. */
    BARRIER,
    /** All lanes of a member mask at once. */
    WARP_WIDE
  }

  /** Whether it can be launched before the kernel ahead of it has ended. */
  boolean awaitsInputs() {
    return Arrays.asList(texts).contains("griddepcontrol.wait");
  }

  /** Whether its blocks tell each other something: they count in global memory. */
  boolean countsInGlobalMemory() {
    return Arrays.stream(texts).anyMatch(t -> t.startsWith("atom.") && t.contains(".global."));
  }

  /** Bytes of the parameter block. */
  int parameterBytes() {
    return parameters.isEmpty() ? 0 : parameters.getLast().offset() + parameters.getLast().bytes();
  }
}
