import { connect } from 'node:net';
import { hasRabbitMq, rabbitMq } from './rabbitmq';

const reaches = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
      .once('connect', () => {
        socket.destroy();
        resolve(true);
      })
      .once('error', () => resolve(false));
  });

(hasRabbitMq() ? test : test.skip)(
  'a broker starts, is killed, forgets, and starts at the same address',
  async () => {
    const broker = await rabbitMq();
    try {
      await broker.start();
      expect(await reaches(broker.url)).toBe(true);
      await broker.kill();
      expect(await reaches(broker.url)).toBe(false);
      broker.wipe();
      await broker.start();
      expect(await reaches(broker.url)).toBe(true);
    } finally {
      await broker.end();
    }
    expect(await reaches(broker.url)).toBe(false);
  },
);
