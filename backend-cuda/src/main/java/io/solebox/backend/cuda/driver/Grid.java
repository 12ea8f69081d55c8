package io.solebox.backend.cuda.driver;

/**
 * The shape of a launch.
 *
 * @param x blocks along x
 * @param y blocks along y
 * @param z blocks along z
 * @param threads per block, in one dimension
 * @param sharedBytes dynamic shared memory per block
 */
public record Grid(int x, int y, int z, int threads, int sharedBytes) {
  public static Grid of(int x, int threads) {
    return new Grid(x, 1, 1, threads, 0);
  }

  public static Grid of(int x, int y, int threads) {
    return new Grid(x, y, 1, threads, 0);
  }
}
