import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Connection } from './connection';

let server: Server;
const heard: string[] = [];

/** Answers every request with these pieces, one after the other. */
async function answering(...pieces: string[]): Promise<Connection> {
  server = createServer((socket) => {
    socket.on('data', (chunk) => {
      heard.push(chunk.toString());
      void (async () => {
        for (const piece of pieces) {
          socket.write(piece);
          await pause(5);
        }
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Connection.open((server.address() as AddressInfo).port);
}

afterEach(() => new Promise((resolve) => server.close(resolve)));

it('reads answers that come in pieces, one after the other on one connection', async () => {
  const connection = await answering(
    'HTTP/1.1 201 Created\r\nContent-Le',
    'ngth: 6\r\n\r\nabc',
    'øx'.slice(0, 1),
    'x',
  );
  const first = await connection.ask('POST', '/a', 'prefer: x\r\n', '{"ø":1}');
  const second = await connection.ask('GET', '/b', '');
  connection.close();
  expect([first, second]).toEqual([
    { status: 201, body: 'abcøx' },
    { status: 201, body: 'abcøx' },
  ]);
  expect(heard[0]).toBe(
    'POST /a HTTP/1.1\r\nhost: 127.0.0.1\r\nprefer: x\r\ncontent-type: application/json\r\ncontent-length: 8\r\n\r\n{"ø":1}',
  );
  expect(heard[1]).toBe('GET /b HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
});

it('knows answers without a body', async () => {
  const connection = await answering('HTTP/1.1 204 No Content\r\n\r\n');
  await expect(connection.ask('DELETE', '/a', '')).resolves.toEqual({ status: 204, body: '' });
  connection.close();
});

it('refuses what it cannot measure', async () => {
  const connection = await answering('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
  await expect(connection.ask('GET', '/a', '')).rejects.toThrow('without Content-Length');
  connection.close();
});

it('tells of a connection that was lost', async () => {
  const connection = await answering();
  const asked = connection.ask('GET', '/a', '');
  connection.close();
  await expect(asked).rejects.toThrow('closed the connection');
});
