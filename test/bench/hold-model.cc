// The hold model on std::priority_queue: what hold-model.mjs compares the scheduler with.
// Usage: hold-model PENDING EVENTS REARMED; prints nanoseconds per event scheduled and a checksum.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <queue>
#include <vector>

struct Event {
  double t;
  uint64_t seq;
  uint32_t id;
};

struct Later {
  bool operator()(const Event &a, const Event &b) const {
    return a.t > b.t || (a.t == b.t && a.seq > b.seq);
  }
};

static uint32_t state = 1;

static uint32_t draw() {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const uint32_t pending = std::atoi(argv[1]);
  const uint64_t events = std::atoll(argv[2]);
  const uint32_t rearmed = std::atoi(argv[3]);

  std::priority_queue<Event, std::vector<Event>, Later> queue;
  std::vector<uint64_t> live(pending);  // an entry of another sequence number is a tombstone
  uint64_t seq = 0;
  double now = 0;
  double checksum = 0;

  const auto hold = [&](uint32_t id) {
    live[id] = ++seq;
    queue.push({now + 1 + (draw() >> 12), seq, id});
  };

  const auto run = [&](uint64_t count) {
    for (uint64_t executed = 0; executed < count;) {
      const Event event = queue.top();
      queue.pop();
      if (live[event.id] != event.seq) continue;
      executed++;
      now = event.t;
      checksum += event.id;
      hold(event.id);
      for (uint32_t i = 0; i < rearmed; i++) {
        hold(static_cast<uint32_t>((static_cast<uint64_t>(draw()) * pending) >> 32));
      }
    }
  };

  for (uint32_t id = 0; id < pending; id++) hold(id);
  run(events / 4);
  const uint64_t before = seq;
  const auto start = std::chrono::steady_clock::now();
  run(events);
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - start;
  std::printf("%.3f %.0f %.0f\n", spent.count() / static_cast<double>(seq - before), now, checksum);
}
