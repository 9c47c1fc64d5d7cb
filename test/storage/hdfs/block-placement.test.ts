import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Luck } from '../../../src/kernel/draws.js'
import { chooseTargets } from '../../../src/storage/hdfs/block-placement.js'
import { DataNode } from '../../../src/storage/hdfs/data-node.js'
import type { HdfsFile } from '../../../src/storage/hdfs/hdfs-file.js'
import { Node } from '../../../src/storage/node.js'
import { World } from '../world.js'

function nodes(count: number, racks: number): DataNode[] {
  return Array.from({ length: count }, (_, index) => new DataNode(index, racks))
}

function placed(file: HdfsFile): string[] {
  return file.blocks[0].dataNodes.map(({ name }) => name)
}

describe('the default placement', () => {
  test('DataNodes stand on the racks in turn, as region servers do', () => {
    expect(nodes(5, 3).map(({ name, rack }) => [name, rack])).toEqual([
      ['dn1', 0],
      ['dn2', 1],
      ['dn3', 2],
      ['dn4', 0],
      ['dn5', 1],
    ])
  })

  test('one replica beside the writer, two on one other rack', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 6, max: 30 }),
        fc.integer({ min: 2, max: 3 }),
        fc.integer({ min: 0, max: 5 }),
        fc.array(fc.double({ min: 0, max: 0.999 }), { minLength: 3, maxLength: 3 }),
        (count, racks, writer, draws) => {
          const dataNodes = nodes(count, racks)
          const local = dataNodes[writer]
          const uniform = (n: number) => draws[n]
          const request = { dataNodes, replicas: 3, has: [], local, rack: local.rack, uniform }
          const [first, second, third] = chooseTargets(request)
          expect(first).toBe(local)
          expect(second.rack).not.toBe(local.rack)
          expect(third.rack).toBe(second.rack)
          expect(third).not.toBe(second)
        },
      ),
      { seed: 7 },
    )
  })

  const half = () => 0.5

  test('beside a writer without a DataNode of its own: one of its rack', () => {
    const request = { dataNodes: nodes(6, 3), replicas: 3, has: [], local: null, uniform: half }
    expect(chooseTargets({ ...request, rack: 2 })[0].rack).toBe(2)
  })

  test('dead ones are avoided, the other racks then take what they can', () => {
    const dataNodes = nodes(6, 3)
    const request = { dataNodes, replicas: 3, has: [], local: dataNodes[0], rack: 0, uniform: half }
    dataNodes[0].crash(0)
    expect(chooseTargets(request)[0].name).toBe('dn4')
    dataNodes[3].crash(0)
    // Two racks of two are left, and no rack takes more than three of three.
    expect(chooseTargets(request).map(({ rack }) => rack)).not.toContain(0)
    expect(chooseTargets(request)).toHaveLength(3)
  })

  test('no second rack, or no second DataNode there: anywhere', () => {
    const request = { replicas: 3, has: [], local: null, rack: 0, uniform: half }
    expect(chooseTargets({ ...request, dataNodes: nodes(4, 1) })).toHaveLength(3)
    expect(chooseTargets({ ...request, dataNodes: nodes(3, 3) })).toHaveLength(3)
    expect(chooseTargets({ ...request, dataNodes: nodes(2, 2) })).toHaveLength(2)
  })

  test('a replacement goes where the lost replica is missed', () => {
    const dataNodes = nodes(9, 3)
    const request = { dataNodes, replicas: 3, local: dataNodes[0], rack: 0, uniform: half }
    const [dn1, dn2, , dn4, dn5] = dataNodes
    // The two left are on one rack: another rack. They are on two: the rack of the second.
    expect(chooseTargets({ ...request, has: [dn2, dn5] })[0].rack).not.toBe(1)
    expect(chooseTargets({ ...request, has: [dn1, dn2] })[0].rack).toBe(1)
    expect(chooseTargets({ ...request, has: [dn1, dn4] })[0].rack).not.toBe(0)
  })
})

describe('the luck of placement', () => {
  function placements(ordinals: number[]): Map<number, string[]> {
    const world = new World(new Luck(4))
    const hdfs = world.hdfsWith({ dataNodes: 20 })
    return new Map(
      ordinals.map((n) => [n, placed(hdfs.openFanOut(`/wal${n}`, world.writer(n)).file)]),
    )
  }

  test('is named by the writer and the number of its file, whatever else is written', () => {
    const alone = placements([7])
    const among = placements([1, 2, 7, 8, 9, 10])
    expect(among.get(7)).toEqual(alone.get(7))
    expect(new Set([...among.values()].map(String)).size).toBeGreaterThan(3)
  })

  test('rs<i> has dn<i> beside it; a machine of another name only its rack', () => {
    const world = new World(new Luck(4))
    const hdfs = world.hdfsWith()
    expect(placed(hdfs.openFanOut('/a', world.writer()).file).at(0)).toBe('dn1')
    const node = new Node(world.scheduler, 'client', 2, 1e9)
    const output = hdfs.openFanOut('/b', { node, luckEntity: 'client', ordinal: 0 })
    expect(output.file.blocks[0].dataNodes[0].rack).toBe(2)
  })
})
