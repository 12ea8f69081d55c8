package io.solebox.store.foreign;

import io.solebox.store.blob.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A folder in which another program keeps models. */
interface ForeignFolder {
  Path root();

  /** The models in it; none where there is no such folder. Half downloads are not looked at. */
  List<ForeignModel> models() throws IOException;

  /**
   * Files that hold these bytes, as far as their names tell, or that may, as far as their sizes do.
   *
   * @param bytes how many they are
   */
  List<Path> candidates(Digest digest, long bytes) throws IOException;
}
