package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.server.http.HttpLimits;
import io.solebox.server.tls.TlsConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP as others speak it, over TLS. */
@Tag("slow")
class ConnectionOverTlsTest extends ConnectionTest {
  @TempDir static Path folder;

  @Override
  ServerConfig config() {
    return super.config().withTls(TlsConfig.of(new TlsConfig.Certificate.Own(folder)));
  }

  /** As of the other, each in a thread, since it is the handshake that waits. */
  @Test
  @Override
  void aConnectionLimitMakesOthersWait() throws Exception {
    HttpLimits limits = HttpLimits.defaults().withMaxConnections(4);
    try (TestServer own = new TestServer(config().withLimits(limits));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<RawClient.Answer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(threads.submit(() -> own.get("/health")));
      }
      for (Future<RawClient.Answer> answer : answers) {
        assertEquals(200, answer.get().status());
      }
    }
  }
}
