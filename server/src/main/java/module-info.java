/** The HTTP server: its APIs, and the page at its root. */
module io.solebox.server {
  exports io.solebox.server;
  exports io.solebox.server.age;
  exports io.solebox.server.audit;
  exports io.solebox.server.backup;
  exports io.solebox.server.box;
  exports io.solebox.server.documents;
  exports io.solebox.server.accounts;
  exports io.solebox.server.accounts.factors;
  exports io.solebox.server.accounts.oidc;
  exports io.solebox.server.host;
  exports io.solebox.server.knowledge.watch;
  exports io.solebox.server.library;
  exports io.solebox.server.limits;
  exports io.solebox.server.plan;
  exports io.solebox.server.seal;
  exports io.solebox.server.receipts;
  exports io.solebox.server.scout;
  exports io.solebox.server.setup;
  exports io.solebox.server.share;
  exports io.solebox.server.update;
  exports io.solebox.server.usage;
  exports io.solebox.server.storage;
  exports io.solebox.server.tls;
  exports io.solebox.server.tools.mcp;

  requires transitive io.solebox.engine;
  requires transitive io.solebox.hardware;
  requires transitive io.solebox.storage;
  requires com.nimbusds.jose.jwt;
  requires com.webauthn4j.core;
  requires io.nayuki.qrcodegen;
  requires java.logging;
  requires java.naming; // names in certificates
  requires java.management; // Jetty's, which does not say so
  requires java.net.http; // accounts.oidc.issuer and tools.mcp.http alone
  requires java.sql;
  requires jdk.incubator.vector; // knowledge.vector
  requires org.bouncycastle.pkix;
  requires org.bouncycastle.provider;
  requires org.eclipse.jetty.server;
  requires org.xerial.sqlitejdbc;
}
