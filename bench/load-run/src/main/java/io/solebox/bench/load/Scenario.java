package io.solebox.bench.load;

import io.solebox.bench.load.Client.LeftException;
import java.io.IOException;

/** What a client does in one go: a request, or several that belong together. */
@FunctionalInterface
interface Scenario {
  /**
   * @throws LeftException if the client left in the middle
   */
  void run(Client client) throws IOException, InterruptedException, LeftException;
}
