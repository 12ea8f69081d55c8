package io.solebox.backend.cuda.fake;

import java.util.List;
import java.util.Map;

/**
 * A parsed PTX file.
 *
 * @param version as in 78 for 7.8
 * @param target as in {@code sm_80}
 */
record PtxFile(int version, String target, List<Variable> globals, List<KernelSource> kernels) {

  /**
   * @param data initial bytes; shorter than {@code bytes} when the rest is zero
   * @param bytes 0 for {@code extern} shared memory, whose size the launch decides
   */
  record Variable(String name, int align, int bytes, byte[] data) {}

  /** A kernel's parameter at its offset in the parameter block. */
  record Parameter(String name, int offset, int bytes) {}

  /**
   * @param registers type of every declared register
   * @param labels index of the statement that follows each
   * @param maxThreads of {@code .maxntid}, else 1024
   */
  record KernelSource(
      String name,
      List<Parameter> parameters,
      Map<String, Type> registers,
      List<Variable> shared,
      List<Statement> statements,
      Map<String, Integer> labels,
      int maxThreads) {}
}
