package io.solebox.backend.cuda.fake;

import java.util.List;

/** A graph that can be launched. */
record FakeGraphExec(List<FakeStream.Work> work) {}
