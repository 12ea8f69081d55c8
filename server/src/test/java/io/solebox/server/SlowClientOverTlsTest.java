package io.solebox.server;

import io.solebox.server.tls.TlsConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What a client can draw out over TLS has the same ends. */
@Tag("slow")
class SlowClientOverTlsTest extends SlowClientTest {
  @TempDir static Path folder;

  @Override
  ServerConfig config() {
    return super.config().withTls(TlsConfig.of(new TlsConfig.Certificate.Own(folder)));
  }
}
