package io.solebox.server.box;

/**
 * Tries every way out of this machine, in a process that is air-gapped: one of its own, or the
 * server's where that is; whoever starts a server brings it.
 */
@FunctionalInterface
public interface GapProver {
  /**
   * Takes some seconds.
   *
   * @param key signs what came out
   * @return the signed proof, an object of JSON
   * @throws io.solebox.engine.error.SoleboxException {@code NO_AIR_GAP} where there is none on this
   *     machine, {@code IO_ERROR}
   */
  String prove(BoxKey key) throws InterruptedException;
}
